"""`ComputeTarget` and `AksCompute`: Kubernetes clusters under v1's names, kept as references to kubeconfig contexts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mooring.sdk.exceptions import ComputeTargetException, raises_as
from mooring.sdk.notices import ignored, notice

if TYPE_CHECKING:
    from mooring.sdk.workspace import Workspace
    from mooring.targets.kubernetes.computes import Compute

_PURPOSES = ("FastProd", "DevTest", None)


@dataclass
class AksAttachConfiguration:
    """A cluster that is there; `enable_ssl` adds a certificate that all its services use."""

    facts: dict[str, Any] = field(default_factory=dict[str, Any])

    def enable_ssl(
        self,
        ssl_cname: str | None = None,
        ssl_cert_pem_file: str | None = None,
        ssl_key_pem_file: str | None = None,
        leaf_domain_label: str | None = None,
        overwrite_existing_domain: bool = False,
    ) -> None:
        """Have every service of the cluster answer HTTPS.

        Raises:
            ComputeTargetException: Not all three are given; certificates are not issued here.
        """
        if leaf_domain_label or not (ssl_cert_pem_file and ssl_key_pem_file):
            raise ComputeTargetException(
                "A certificate of your own is needed: give ssl_cert_pem_file, ssl_key_pem_file and ssl_cname."
            )
        self.facts |= {
            "ssl_cert": ssl_cert_pem_file,
            "ssl_key": ssl_key_pem_file,
            "ssl_cname": ssl_cname or "",
        }

    def validate_configuration(self) -> None:
        """Check what can be checked without the cluster.

        Raises:
            ComputeTargetException: The purpose is not known.
        """
        if self.facts.get("purpose") not in _PURPOSES:
            raise ComputeTargetException(
                "Invalid cluster purpose provided, must be either FastProd or DevTest."
            )


@dataclass
class AksProvisioningConfiguration(AksAttachConfiguration):
    """A cluster to be made on this machine.

    Attributes:
        agent_count: Nodes.
    """

    agent_count: int = 1


class ComputeTarget:
    """A named place to deploy to.

    Args:
        workspace: Where it was attached.
        name: Its name.

    Returns:
        An `AksCompute`.

    Raises:
        ComputeTargetException: Nothing of this name is attached.
    """

    def __new__(cls, workspace: Workspace, name: str) -> ComputeTarget:  # noqa: D102, PYI034 (the class says it)
        del workspace, name
        return object.__new__(AksCompute)

    def __init__(self, workspace: Workspace, name: str) -> None:
        from mooring.targets.kubernetes.computes import ComputeNotFound, Computes

        self.workspace = workspace
        self.name = name
        try:
            self._compute = Computes(workspace.core.settings).get(name)
        except ComputeNotFound as error:
            raise ComputeTargetException(
                f"ComputeTargetNotFound: Compute Target with name {name} not found in provided workspace"
            ) from error

    @staticmethod
    def list(workspace: Workspace) -> list[ComputeTarget]:
        """The attached clusters; the local process and Docker need none and are not listed."""
        from mooring.targets.kubernetes.computes import Computes

        return [ComputeTarget(workspace, each.name) for each in Computes(workspace.core.settings).list()]

    @staticmethod
    @raises_as(ComputeTargetException)
    def create(
        workspace: Workspace, name: str, provisioning_configuration: AksProvisioningConfiguration
    ) -> ComputeTarget:
        """Make a cluster on this machine, with k3d or kind, and attach it.

        Raises:
            ComputeTargetException: Neither is installed; the message says what to install.
        """
        from mooring.targets.kubernetes.local_clusters import create_cluster

        provisioning_configuration.validate_configuration()
        wanted = _compute_of(name, provisioning_configuration.facts)
        made = create_cluster(wanted, nodes=provisioning_configuration.agent_count)
        return _attach(workspace, made)

    @staticmethod
    @raises_as(ComputeTargetException)
    def attach(
        workspace: Workspace, name: str, attach_configuration: AksAttachConfiguration
    ) -> ComputeTarget:
        """Name a cluster that is there, by a context of the kubeconfig.

        Raises:
            ComputeTargetException: The context is not known, or nobody answers there.
        """
        attach_configuration.validate_configuration()
        return _attach(workspace, _compute_of(name, attach_configuration.facts))

    @raises_as(ComputeTargetException)
    def detach(self) -> None:
        """Forget the cluster; it goes on by itself.

        Raises:
            ComputeTargetException: Services run there.
        """
        from mooring.targets.kubernetes.attaching import detach

        detach(self.workspace.core.settings, self.name, self._services())

    @raises_as(ComputeTargetException)
    def delete(self) -> None:
        """Delete a cluster that `create` made.

        Raises:
            ComputeTargetException: Services run there, or it was attached.
        """
        from mooring.targets.kubernetes.attaching import delete

        delete(self.workspace.core.settings, self.name, self._services())

    def wait_for_completion(self, show_output: bool = False, is_delete_operation: bool = False) -> None:
        """Return at once: `create` and `attach` wait by themselves."""
        if show_output and not is_delete_operation:
            print(f'SucceededProvisioning operation finished, operation "{self.provisioning_state}"')  # noqa: T201

    def refresh_state(self) -> None:
        """Read again what is known about the cluster."""
        from mooring.targets.kubernetes.computes import Computes

        self._compute = Computes(self.workspace.core.settings).get(self.name)

    def get_status(self) -> str:
        """`Succeeded` when the cluster answers, else `Failed`."""
        return self.provisioning_state

    @property
    def provisioning_state(self) -> str:
        """`Succeeded` when the cluster answers, else `Failed`."""
        return "Failed" if self.provisioning_errors else "Succeeded"

    @property
    def provisioning_errors(self) -> Sequence[dict[str, str]] | None:
        """Why the cluster does not answer; None when it does."""
        from mooring.errors import MooringError

        try:
            self._facts()
        except MooringError as error:
            return [{"code": error.code, "message": str(error)}]
        return None

    @property
    def type(self) -> str:
        """`AKS`."""
        return "AKS"

    @property
    def cluster_purpose(self) -> str:
        """`FastProd` or `DevTest`."""
        return self._compute.purpose

    @property
    def cluster_fqdn(self) -> str:
        """Address of the cluster's API server."""
        return str(self._facts().server)

    @property
    def agent_count(self) -> int | None:
        """How many nodes it has; None when you may not see them."""
        nodes: int | None = self._facts().nodes
        return nodes

    @property
    def is_attached(self) -> bool:
        """Whether it was attached, rather than created here."""
        return not self._compute.made_with

    def get_credentials(self) -> dict[str, str]:
        """Where the credentials are: a kubeconfig and a context in it; they are not kept here."""
        return {"kubeconfig": self._compute.kubeconfig, "context": self._compute.context}

    def serialize(self) -> dict[str, Any]:
        """JSON-ready values, without any credential."""
        return {**self._compute.to_dict(), "computeType": self.type}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(workspace={self.workspace.name!r}, name={self.name}, context={self._compute.context})"

    def _facts(self) -> Any:
        from mooring.targets.kubernetes.attaching import fetch_facts
        from mooring.targets.kubernetes.cluster import Cluster

        return fetch_facts(Cluster(self._compute.context, self._compute.kubeconfig))

    def _services(self) -> Any:
        return [service.name for service in self.workspace.core.services.list()]


class AksCompute(ComputeTarget):
    """A Kubernetes cluster."""

    class ClusterPurpose:
        """What a cluster is for."""

        FAST_PROD = "FastProd"
        DEV_TEST = "DevTest"

    @staticmethod
    def provisioning_configuration(
        agent_count: int | None = None,
        vm_size: str | None = None,
        ssl_cname: str | None = None,
        ssl_cert_pem_file: str | None = None,
        ssl_key_pem_file: str | None = None,
        location: str | None = None,
        cluster_purpose: str | None = None,
        **azure: Any,
    ) -> AksProvisioningConfiguration:
        """A cluster to be made on this machine; sizes of machines and networks of Azure mean nothing here."""
        ignored(
            "AksCompute.provisioning_configuration",
            vm_size=vm_size,
            location=location,
            **azure,
        )
        wanted = AksProvisioningConfiguration(
            {"purpose": cluster_purpose or "DevTest"}, agent_count=agent_count or 1
        )
        if ssl_cert_pem_file or ssl_key_pem_file or ssl_cname:
            wanted.enable_ssl(ssl_cname, ssl_cert_pem_file, ssl_key_pem_file)
        return wanted

    @staticmethod
    def attach_configuration(
        resource_group: str | None = None,
        cluster_name: str | None = None,
        resource_id: str | None = None,
        cluster_purpose: str | None = None,
        load_balancer_type: str | None = None,
        load_balancer_subnet: str | None = None,
        *,
        context: str | None = None,
        kubeconfig: str | None = None,
        namespace: str | None = None,
        registry: str | None = None,
        **more: Any,
    ) -> AksAttachConfiguration:
        """A cluster that is there.

        Args:
            cluster_name: v1's name of the cluster: the context, unless one is given.
            resource_id: Its last part likewise.
            cluster_purpose: `FastProd` or `DevTest`.
            context: Of the kubeconfig; its current one when nothing names another.
            kubeconfig: Its path; what KUBECONFIG says when not given.
            namespace: Of services that name none.
            registry: From which the cluster pulls images.
            **more: Other facts of `mooring computetarget attach`: expose, ingress_class, gateway, host, pull_secret,
                gpu_resource.
        """
        ignored(
            "AksCompute.attach_configuration",
            resource_group=resource_group,
            load_balancer_type=load_balancer_type,
            load_balancer_subnet=load_balancer_subnet,
        )
        named = context or cluster_name or (resource_id or "").rpartition("/")[2]
        given = {
            "context": named,
            "kubeconfig": kubeconfig,
            "namespace": namespace,
            "registry": registry,
            "purpose": cluster_purpose,
            **more,
        }
        return AksAttachConfiguration({key: value for key, value in given.items() if value})


def _compute_of(name: str, facts: dict[str, Any]) -> Compute:
    from mooring.targets.kubernetes.computes import Compute

    return replace(Compute(name=name), **{key: value for key, value in facts.items() if value is not None})


def _attach(workspace: Workspace, compute: Compute) -> ComputeTarget:
    from mooring.targets.kubernetes.attaching import attach

    for finding in attach(workspace.core.settings, compute):
        notice(f"attach:{compute.name}:{finding.code}", f"{finding.problem} {finding.remedy}")
    return ComputeTarget(workspace, compute.name)
