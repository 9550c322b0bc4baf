import time

from airflow.providers.cncf.kubernetes.operators.job import KubernetesJobOperator
from kubernetes.client import models as k8s


class StartedJobOperator(KubernetesJobOperator):
    """A Job whose pod has to start in time: the operator it stands on would wait for it for ever."""

    def create_job(self, job_request_obj: k8s.V1Job) -> k8s.V1Job:
        job = super().create_job(job_request_obj)
        # For `on_kill`, which may be called while it waits.
        self.job = job
        try:
            self.await_pod_start(self._pod_of(job))
        except BaseException:
            self.job_client.delete_namespaced_job(
                job.metadata.name, job.metadata.namespace, propagation_policy="Background"
            )
            raise
        return job

    def _pod_of(self, job: k8s.V1Job) -> k8s.V1Pod:
        """The Job's pod, which its controller makes a moment later."""
        end = time.monotonic() + self.startup_timeout_seconds
        while time.monotonic() < end:
            pods = self.client.list_namespaced_pod(
                job.metadata.namespace,
                label_selector=f"batch.kubernetes.io/job-name={job.metadata.name}",
            ).items
            if pods:
                return pods[0]
            time.sleep(0.2)
        raise TimeoutError(f"The Job {job.metadata.name} has made no pod")
