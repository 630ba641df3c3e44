"""A cluster on this machine's Docker engine, made by kind or k3d when one of them is installed."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

from mooring.targets.kubernetes.computes import Compute
from mooring.targets.kubernetes.errors import KubernetesTrouble

TOOLS = ("k3d", "kind")
_WITHIN_S = 600


class NoClusterTool(KubernetesTrouble):
    """Neither tool is installed."""

    code = "cluster-tool-missing"


def create_cluster(compute: Compute, *, nodes: int, tool: str = "") -> Compute:
    """The compute target of a new cluster; its context is in the kubeconfig afterwards.

    Args:
        compute: As wanted; context and registry are filled in.
        nodes: How many, the first one included.
        tool: `kind` or `k3d`; the one that is installed when empty.

    Raises:
        NoClusterTool: Neither is installed.
        KubernetesTrouble: The tool failed; says what it said.
    """
    chosen = tool or next((each for each in TOOLS if shutil.which(each)), "")
    if not chosen or shutil.which(chosen) is None:
        missing = chosen or "kind nor k3d"
        raise NoClusterTool(
            f"{'Neither ' if not chosen else ''}{missing} is installed, which would make a cluster on this machine.",
            "Install k3d (https://k3d.io) or kind (https://kind.sigs.k8s.io), or attach a cluster that is there: "
            f"mooring computetarget attach kubernetes -n {compute.name} --context CONTEXT.",
        )
    name = compute.name.lower()
    if chosen == "k3d":
        # Nodes know the registry by its container's name alone, and this machine takes *.localhost for itself.
        registry = f"{name}-registry.localhost"
        words = ["k3d", "cluster", "create", name, "--agents", str(max(0, nodes - 1)), "--wait"]
        _run([*words, "--registry-create", f"{registry}:127.0.0.1:0"])
        made = replace(compute, context=f"k3d-{name}", made_with="k3d")
        return replace(made, registry=compute.registry or _published(registry))
    config = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n- role: control-plane\n"
    config += "- role: worker\n" * max(0, nodes - 1)
    _run(["kind", "create", "cluster", "--name", name, "--wait", "120s", "--config", "-"], config)
    return replace(compute, context=f"kind-{name}", made_with="kind")


def delete_cluster(compute: Compute) -> None:
    """Delete a cluster that `create_cluster` made.

    Raises:
        KubernetesTrouble: The tool is gone, or failed.
    """
    name = compute.name.lower()
    words = {"k3d": ["k3d", "cluster", "delete", name], "kind": ["kind", "delete", "cluster", "--name", name]}
    _run(words[compute.made_with])


def _published(container: str) -> str:
    port = _run(["docker", "port", container, "5000/tcp"]).strip().rpartition(":")[2]
    return f"{container}:{port}"


def _run(words: list[str], text: str = "") -> str:
    try:
        done = subprocess.run(
            words, input=text, capture_output=True, text=True, timeout=_WITHIN_S, check=False
        )
    except OSError as error:
        raise KubernetesTrouble(
            f"{words[0]} can't be started: {error.strerror}.", f"Install {words[0]}."
        ) from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise KubernetesTrouble(
            f"{' '.join(words[:3])} failed: {said.splitlines()[-1] if said else 'it says nothing'}",
            f"Read what {words[0]} says; its own command shows more.",
            said,
        )
    return done.stdout
