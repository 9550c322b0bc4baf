"""Scores a day of the stream by a Job of Kubernetes."""

from datetime import UTC, datetime, timedelta

from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook
from airflow.sdk import DAG, Variable, task
from kubernetes.client import models as k8s

from fleet.started_job_operator import StartedJobOperator


def settings() -> list[k8s.V1EnvVar]:
    values = {
        name: Variable.get(name)
        for name in ("KAFKA_BROKERS", "TRIPS_TOPIC", "ALLOWED_LATENESS_SECONDS")
    }
    values["INTERVAL_START"] = "{{ data_interval_start | ts }}"
    values["INTERVAL_END"] = "{{ data_interval_end | ts }}"
    plain = [k8s.V1EnvVar(name=name, value=value) for name, value in values.items()]
    url = k8s.V1EnvVarSource(
        secret_key_ref=k8s.V1SecretKeySelector(name="warehouse", key="url")
    )
    return [*plain, k8s.V1EnvVar(name="DATABASE_URL", value_from=url)]


@task
def clean_up(job: str) -> None:
    batch = KubernetesHook(conn_id="kubernetes_default").batch_v1_client
    # Without the policy the API leaves a Job's pods behind, and so does KubernetesDeleteJobOperator.
    batch.delete_namespaced_job(job, Variable.get("NAMESPACE"), propagation_policy="Background")


with DAG(
    "score_from_stream",
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    default_args={
        "retries": 3,
        "retry_delay": timedelta(seconds=float(Variable.get("RETRY_SECONDS"))),
    },
):
    job = StartedJobOperator(
        task_id="job",
        name="score",
        namespace=Variable.get("NAMESPACE"),
        image=Variable.get("JOB_IMAGE"),
        labels={
            "app.kubernetes.io/name": "score-job",
            "score-date": "{{ data_interval_start | ds }}",
        },
        env_vars=settings(),
        security_context={
            "runAsNonRoot": True,
            "runAsUser": 1000,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        container_security_context={
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "50m", "memory": "96Mi"}, limits={"cpu": "1", "memory": "256Mi"}
        ),
        backoff_limit=0,
        wait_until_job_complete=True,
        job_poll_interval=1,
        startup_timeout_seconds=int(Variable.get("POD_START_SECONDS")),
        on_finish_action="keep_pod",
    )
    job >> clean_up("{{ ti.xcom_pull('job', key='job_name') }}")
