"""Scores a day of the stream by a job on Kubernetes."""

from datetime import UTC, datetime, timedelta

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.cncf.kubernetes.secret import Secret
from airflow.sdk import Variable, dag, task
from kubernetes.client import models as k8s

# What the namespace demands of every pod (the Pod Security Standard `restricted`).
POD_SECURITY = k8s.V1PodSecurityContext(
    run_as_non_root=True,
    run_as_user=1000,
    seccomp_profile=k8s.V1SeccompProfile(type="RuntimeDefault"),
)
CONTAINER_SECURITY = k8s.V1SecurityContext(
    allow_privilege_escalation=False,
    capabilities=k8s.V1Capabilities(drop=["ALL"]),
)
RESOURCES = k8s.V1ResourceRequirements(
    requests={"cpu": "100m", "memory": "128Mi"},
    limits={"cpu": "1", "memory": "256Mi"},
)


@dag(
    dag_id="score_from_stream",
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    default_args={
        "owner": "driving-score",
        "retries": 2,
        "retry_delay": timedelta(seconds=float(Variable.get("RETRY_SECONDS"))),
    },
)
def score_from_stream() -> None:
    job = KubernetesPodOperator(
        task_id="score",
        name="score-job",
        namespace=Variable.get("NAMESPACE"),
        image=Variable.get("JOB_IMAGE"),
        labels={
            "app.kubernetes.io/name": "score-job",
            "score-date": "{{ data_interval_start | ds }}",
        },
        env_vars={
            "KAFKA_BROKERS": Variable.get("KAFKA_BROKERS"),
            "TRIPS_TOPIC": Variable.get("TRIPS_TOPIC"),
            "ALLOWED_LATENESS_SECONDS": Variable.get("ALLOWED_LATENESS_SECONDS"),
            # The day of the run, whenever it runs.
            "INTERVAL_START": "{{ data_interval_start.isoformat() }}",
            "INTERVAL_END": "{{ data_interval_end.isoformat() }}",
        },
        # The pod names the Secret, and Kubernetes puts the value in: Airflow never has the password.
        secrets=[Secret("env", "DATABASE_URL", "warehouse", "url")],
        security_context=POD_SECURITY,
        container_security_context=CONTAINER_SECURITY,
        automount_service_account_token=False,
        container_resources=RESOURCES,
        # Without room the task fails after that, and the events in its log say why.
        startup_timeout_seconds=int(Variable.get("POD_START_SECONDS")),
        # Those that failed stay, for whoever looks after them.
        on_finish_action="keep_pod",
    )

    @task
    def clean_up() -> None:
        from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook

        namespace = Variable.get("NAMESPACE")
        core = KubernetesHook(conn_id="kubernetes_default").core_v1_client
        # Whatever is left of the job, but for what failed.
        for pod in core.list_namespaced_pod(
            namespace, label_selector="app.kubernetes.io/name=score-job"
        ).items:
            if pod.status.phase != "Failed":
                core.delete_namespaced_pod(pod.metadata.name, namespace, grace_period_seconds=0)

    job >> clean_up()


score_from_stream()
