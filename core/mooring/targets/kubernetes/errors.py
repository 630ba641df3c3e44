"""What a cluster can refuse: one cause, one remedy each."""

from __future__ import annotations

from dataclasses import dataclass

from mooring.errors import MooringError


@dataclass(eq=False)
class KubernetesTrouble(MooringError):
    """Root of what can go wrong with a cluster; `evidence` is what was said, in lines."""

    code = "cluster"
    cause: str
    advice: str = "Read what the cluster says; `kubectl get events` tells more."
    evidence: str = ""

    @property
    def problem(self) -> str:
        """The cause, with the cluster's or object's name in it."""
        return self.cause

    @property
    def remedy(self) -> str:
        """What to do."""
        return self.advice


class KubernetesSdkMissing(KubernetesTrouble):
    """The Kubernetes client is not installed."""

    code = "kubernetes-sdk-missing"


class NoKubeconfig(KubernetesTrouble):
    """No kubeconfig, or not the context that is named."""

    code = "kubeconfig-missing"


class ClusterUnreachable(KubernetesTrouble):
    """The API server does not answer."""

    code = "cluster-unreachable"


class CertificateUntrusted(ClusterUnreachable):
    """Who answers is not the API server of the kubeconfig."""


class CredentialsExpired(KubernetesTrouble):
    """The API server does not know who asks."""

    code = "cluster-credentials"


class ClockSkewed(KubernetesTrouble):
    """This machine's clock and the cluster's certificates disagree."""

    code = "clock-skew"


class RuleMissing(KubernetesTrouble):
    """The cluster's RBAC rules don't allow it."""

    code = "rbac-forbidden"


class QuotaExceeded(KubernetesTrouble):
    """A resource quota or limit range of the namespace is in the way."""

    code = "quota-exceeded"


class AdmissionRefused(KubernetesTrouble):
    """An admission controller or webhook refused an object."""

    code = "admission-refused"


class NamespaceMissing(KubernetesTrouble):
    """The namespace is not there."""

    code = "namespace-missing"


class ObjectInvalid(KubernetesTrouble):
    """The API server does not accept an object as it is."""

    code = "object-invalid"


class NameTaken(KubernetesTrouble):
    """Somebody else has an object of that name."""

    code = "name-taken"


class RegistryNotSet(KubernetesTrouble):
    """Nobody said from where the cluster pulls images."""

    code = "registry-not-set"


class GatewayMissing(KubernetesTrouble):
    """The cluster has no Gateway API, or not the Gateway that is named."""

    code = "gateway-missing"


class IngressClassMissing(KubernetesTrouble):
    """The cluster has no such class, so no controller serves the Ingress."""

    code = "ingress-class-missing"


class NamespaceFixed(KubernetesTrouble):
    """A service does not move from one namespace or cluster to another."""

    code = "namespace-fixed"
