"""`mooring computetarget …`: the places a model can be deployed to, and the clusters among them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.nouns import noun
from mooring.cli.output import Answer
from mooring.cli.places import places
from mooring.cli.verb import verb

if TYPE_CHECKING:
    from mooring.findings import Finding
    from mooring.targets.kubernetes.computes import Compute

app = noun("computetarget")

_KINDS = ("kubernetes", "aks")
_EXPOSURES = ("auto", "node-port", "load-balancer", "ingress", "gateway", "port-forward")

Kind = Annotated[str, flag("KIND", help="What it is.", choices=_KINDS)]
Name = Annotated[str, flag("--name", "-n", help="Name of the target.", example="prod")]
Namespace = Annotated[
    str | None, flag("--namespace", help="Namespace of services that name none.", example="ml")
]
Purpose = Annotated[
    str | None, flag("--cluster-purpose", help="FastProd unless said.", choices=("FastProd", "DevTest"))
]
Expose = Annotated[
    str | None,
    flag(
        "--expose",
        help="How services are reached; auto tries a node's port, else forwards.",
        choices=_EXPOSURES,
    ),
]
IngressClass = Annotated[str | None, flag("--ingress-class", help="For --expose ingress.", example="nginx")]
Gateway = Annotated[
    str | None, flag("--gateway", help="For --expose gateway: NAMESPACE/NAME.", example="infra/public")
]
Host = Annotated[
    str | None,
    flag(
        "--host",
        help="Name or address at which services are reached; of an ingress or gateway also [https://]NAME[:PORT].",
    ),
]
Registry = Annotated[
    str | None,
    flag("--registry", help="Where the cluster pulls images from.", example="registry.local:5000/ml"),
]
PullSecret = Annotated[str | None, flag("--pull-secret", help="Secret with the registry's login.")]
GpuResource = Annotated[
    str | None,
    flag(
        "--gpu-resource",
        help="What gpuCores counts there; nvidia.com/gpu unless said.",
        example="amd.com/gpu",
    ),
]
Policy = Annotated[bool | None, flag("--network-policy", help="Let in nothing but the service's port.")]
Certificate = Annotated[str | None, flag("--ssl-cert-file", help="PEM file: services answer HTTPS.")]
PrivateKey = Annotated[str | None, flag("--ssl-key-file", help="PEM file with its key.")]
HostName = Annotated[str | None, flag("--ssl-cname", help="Host name on the certificate.")]


@verb(app, "list", examples=["mooring computetarget list"])
def list_(call: Call) -> Answer:
    """List the places a model can be deployed to from here."""
    return Answer(_targets(call), columns={"Name": "name", "Compute types": "computeTypes", "Where": "where"})


@verb(app, "show", examples=["mooring computetarget show -n process", "mooring computetarget show -n prod"])
def show(call: Call, name: Name) -> Answer:
    """Show one place; of a cluster also its size, as far as you may see it."""
    from mooring.targets.kubernetes.attaching import fetch_facts
    from mooring.targets.kubernetes.cluster import Cluster
    from mooring.targets.kubernetes.computes import ComputeNotFound, Computes
    from mooring.targets.kubernetes.errors import KubernetesTrouble

    targets = _targets(call)
    found = [target for target in targets if target["name"] == name]
    if not found:
        raise ComputeNotFound(name=name, known=[target["name"] for target in targets])
    attached = {compute.name: compute for compute in Computes(call.workspace.settings).list()}
    if name not in attached:
        return Answer(found[0])
    compute = attached[name]
    try:
        facts = fetch_facts(Cluster(compute.context, compute.kubeconfig)).to_dict()
    except KubernetesTrouble as trouble:
        facts = {"state": f"{trouble.problem} {trouble.remedy}"}
    return Answer({**compute.to_dict(), "computeTypes": found[0]["computeTypes"], **facts})


_ATTACH = (
    "mooring computetarget attach kubernetes -n prod --context my-context --namespace ml --registry registry.local:5000",
    "mooring computetarget attach kubernetes -n test --cluster-purpose DevTest --expose port-forward",
)


@verb(app, "attach", examples=_ATTACH)
def attach(
    call: Call,
    kind: Kind,
    name: Name,
    context: Annotated[
        str | None, flag("--context", help="Of the kubeconfig; its current one unless said.")
    ] = None,
    kubeconfig: Annotated[
        str | None, flag("--kubeconfig", help="Path; what KUBECONFIG says unless said.")
    ] = None,
    namespace: Namespace = None,
    cluster_purpose: Purpose = None,
    expose: Expose = None,
    ingress_class: IngressClass = None,
    gateway: Gateway = None,
    host: Host = None,
    registry: Registry = None,
    pull_secret: PullSecret = None,
    gpu_resource: GpuResource = None,
    network_policy: Policy = None,
    ssl_cert_file: Certificate = None,
    ssl_key_file: PrivateKey = None,
    ssl_cname: HostName = None,
    compute_resource_id: Annotated[
        str | None, flag("--compute-resource-id", "-i", help="For Azure; see the error.", hidden=True)
    ] = None,
) -> Answer:
    """Name a cluster that is there, to deploy to.

    What is kept is the name of the kubeconfig's context, never a credential.
    """
    del kind
    if compute_resource_id:
        call.note(
            f"note: {compute_resource_id.rpartition('/')[2]} is reached through your kubeconfig, which "
            "`az aks get-credentials` fills; --compute-resource-id itself has no meaning here."
        )
    from mooring.targets.kubernetes.attaching import attach as attach_cluster

    given = _given(locals())
    compute = _compute(name, {**given, "context": context, "kubeconfig": kubeconfig})
    _note(call, attach_cluster(call.workspace.settings, compute))
    facts = _find(call, name).to_dict()
    return Answer(facts, text=f"Attached {name}: {facts['context']}", after=[f"Deploy to it: --ct {name}"])


@verb(app, "update", examples=["mooring computetarget update -n prod --registry registry.local:5000"])
def update(
    call: Call,
    name: Name,
    namespace: Namespace = None,
    cluster_purpose: Purpose = None,
    expose: Expose = None,
    ingress_class: IngressClass = None,
    gateway: Gateway = None,
    host: Host = None,
    registry: Registry = None,
    pull_secret: PullSecret = None,
    gpu_resource: GpuResource = None,
    network_policy: Policy = None,
    ssl_cert_file: Certificate = None,
    ssl_key_file: PrivateKey = None,
    ssl_cname: HostName = None,
    ssl_disable: Annotated[bool, flag("--ssl-disable", help="Services answer HTTP again.")] = False,
) -> Answer:
    """Change what is known about a cluster; services take it over with their next update."""
    from mooring.targets.kubernetes.attaching import size_up
    from mooring.targets.kubernetes.computes import Computes

    given = _given(locals())
    compute = _changed(_find(call, name), given)
    if ssl_disable:
        compute = replace(compute, ssl_cert="", ssl_key="", ssl_cname="")
    settings = call.workspace.settings
    Computes(settings).replace(compute)
    _note(call, size_up(settings, compute))
    return Answer(compute.to_dict(), text=f"Updated {name}")


@verb(app, "create", examples=["mooring computetarget create kubernetes -n dev --agent-count 1"])
def create(
    call: Call,
    kind: Kind,
    name: Name,
    agent_count: Annotated[int, flag("--agent-count", "-a", help="Nodes; 1 unless said.")] = 1,
    tool: Annotated[
        str | None,
        flag("--tool", help="What makes it; the one that is installed unless said.", choices=("k3d", "kind")),
    ] = None,
    namespace: Namespace = None,
    expose: Expose = None,
    registry: Registry = None,
) -> Answer:
    """Make a cluster on this machine's Docker engine, with k3d or kind, and attach it."""
    del kind
    from mooring.targets.kubernetes.attaching import attach as attach_cluster
    from mooring.targets.kubernetes.local_clusters import create_cluster

    given = {"namespace": namespace, "expose": expose, "registry": registry, "cluster_purpose": "DevTest"}
    compute = create_cluster(_compute(name, given), nodes=agent_count, tool=tool or "")
    _note(call, attach_cluster(call.workspace.settings, compute))
    return Answer(
        compute.to_dict(), text=f"Created {name}: {compute.context}", after=[f"Deploy to it: --ct {name}"]
    )


@verb(app, "detach", examples=["mooring computetarget detach -n prod"])
def detach(call: Call, name: Name) -> Answer:
    """Forget a cluster; it goes on by itself. Refused while services run there."""
    from mooring.targets.kubernetes.attaching import detach as detach_cluster

    detach_cluster(call.workspace.settings, name, _services(call))
    return Answer({"detached": name}, text=f"Detached {name}")


@verb(app, "delete", examples=["mooring computetarget delete -n dev"])
def delete(call: Call, name: Name) -> Answer:
    """Delete a cluster that `create` made. Refused while services run there."""
    from mooring.targets.kubernetes.attaching import delete as delete_cluster

    delete_cluster(call.workspace.settings, name, _services(call))
    return Answer({"deleted": name}, text=f"Deleted {name}")


@verb(
    app,
    "role",
    examples=["mooring computetarget role --namespace ml --user jane | kubectl apply -f -"],
)
def role(
    call: Call,
    namespace: Annotated[str, flag("--namespace", help="Where it shall hold.", example="ml")],
    user: Annotated[str | None, flag("--user", help="Also bind it to this user.")] = None,
    group: Annotated[str | None, flag("--group", help="Also bind it to this group.")] = None,
    service_account: Annotated[
        str | None, flag("--service-account", help="Also bind it to this account of the namespace.")
    ] = None,
) -> Answer:
    """Print the Role that whoever deploys needs, for an administrator to apply."""
    del call
    import yaml

    from mooring.targets.kubernetes.permissions import role as role_of
    from mooring.targets.kubernetes.permissions import role_binding

    api = "rbac.authorization.k8s.io"
    subjects = [{"kind": "User", "name": user, "apiGroup": api}] if user else []
    subjects += [{"kind": "Group", "name": group, "apiGroup": api}] if group else []
    if service_account:
        subjects.append({"kind": "ServiceAccount", "name": service_account, "namespace": namespace})
    objects = [role_of(namespace), *(role_binding(namespace, subject) for subject in subjects)]
    return Answer(objects, text=yaml.safe_dump_all(objects, sort_keys=False))


def _targets(call: Call) -> list[dict[str, Any]]:
    from mooring.targets.kubernetes.computes import Computes

    found = [
        {"name": place.name, "computeTypes": list(place.compute_types), "where": ""} for place in places()
    ]
    clusters = next((each["computeTypes"] for each in found if each["name"] == "kubernetes"), [])
    for compute in Computes(call.workspace.settings).list():
        where = f"context {compute.context}, namespace {compute.namespace or 'of the context'}"
        found.append({"name": compute.name, "computeTypes": clusters, "where": where})
    return found


def _find(call: Call, name: str) -> Compute:
    from mooring.targets.kubernetes.computes import Computes

    return Computes(call.workspace.settings).get(name)


def _services(call: Call) -> list[str]:
    return [service.name for service in call.workspace.services.list()]


_NAMES = {"cluster_purpose": "purpose", "ssl_cert_file": "ssl_cert", "ssl_key_file": "ssl_key"}
_TAKEN = (
    "namespace",
    "cluster_purpose",
    "expose",
    "ingress_class",
    "gateway",
    "host",
    "registry",
    "pull_secret",
    "gpu_resource",
    "network_policy",
    "ssl_cert_file",
    "ssl_key_file",
    "ssl_cname",
)


def _given(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: arguments[name] for name in _TAKEN}


def _compute(name: str, given: dict[str, Any]) -> Compute:
    from mooring.targets.kubernetes.computes import Compute

    return _changed(Compute(name=name), given)


def _changed(compute: Compute, given: dict[str, Any]) -> Compute:
    changes = {_NAMES.get(key, key): value for key, value in given.items() if value is not None}
    return replace(compute, **changes)


def _note(call: Call, findings: list[Finding]) -> None:
    for finding in findings:
        call.note(f"  {finding.severity:<12} {finding}")
