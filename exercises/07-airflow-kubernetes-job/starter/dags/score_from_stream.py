"""Scores a day of the stream by a job on Kubernetes."""

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import Variable, dag
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


# TODO: what happens when a pod dies, when there is no room for it, when somebody gives a run up.
@dag(dag_id="score_from_stream", schedule=None)
def score_from_stream() -> None:
    # TODO: the day that the job scores, where it finds the stream and the warehouse, what it may take.
    KubernetesPodOperator(
        task_id="score",
        name="score-job",
        namespace=Variable.get("NAMESPACE"),
        image=Variable.get("JOB_IMAGE"),
        security_context=POD_SECURITY,
        container_security_context=CONTAINER_SECURITY,
    )


score_from_stream()
