"""`ComputeTarget` and `AksCompute`: known by name; clusters arrive with the Kubernetes target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mooring.sdk.exceptions import ComputeTargetException
from mooring.sdk.unbuilt import NotBuiltYet

if TYPE_CHECKING:
    from mooring.sdk.workspace import Workspace


class ComputeTarget:
    """A named place to deploy to.

    Args:
        workspace: Where it was attached.
        name: Its name.

    Raises:
        ComputeTargetException: Nothing of this name is attached.
    """

    def __init__(self, workspace: Workspace, name: str) -> None:
        raise ComputeTargetException(
            f"ComputeTargetNotFound: Compute Target with name {name} not found in provided workspace"
        )

    @staticmethod
    def list(workspace: Workspace) -> list[ComputeTarget]:
        """The attached compute targets; the local process needs none and is not listed."""
        return []

    @staticmethod
    def create(workspace: Workspace, name: str, provisioning_configuration: Any) -> ComputeTarget:
        """Not offered yet.

        Raises:
            NotBuiltYet: Always.
        """
        raise NotBuiltYet(call="ComputeTarget.create()")

    @staticmethod
    def attach(workspace: Workspace, name: str, attach_configuration: Any) -> ComputeTarget:
        """Not offered yet.

        Raises:
            NotBuiltYet: Always.
        """
        raise NotBuiltYet(call="ComputeTarget.attach()")


class AksCompute(ComputeTarget):
    """A Kubernetes cluster."""

    class ClusterPurpose:
        """What a cluster is for."""

        FAST_PROD = "FastProd"
        DEV_TEST = "DevTest"

    @staticmethod
    def provisioning_configuration(**settings: Any) -> dict[str, Any]:
        """The settings, as given; `ComputeTarget.create` says what can be done with them."""
        return settings

    @staticmethod
    def attach_configuration(**settings: Any) -> dict[str, Any]:
        """The settings, as given; `ComputeTarget.attach` says what can be done with them."""
        return settings
