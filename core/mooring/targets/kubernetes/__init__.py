"""Services on Kubernetes: a Deployment, a Service and what they need, in any cluster a kubeconfig context names."""

from mooring.targets.kubernetes.target import KubernetesTarget

__all__ = ["KubernetesTarget"]
