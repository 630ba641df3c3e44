"""What the API server says when it refuses, put into words of ours: one trouble for each cause."""

from __future__ import annotations

import re
from typing import Any

from mooring.targets.kubernetes import errors

_FORBIDDEN = re.compile(
    r'User "(?P<user>[^"]*)" cannot (?P<verb>\w+) resource "(?P<resource>[^"]*)" in API group "(?P<group>[^"]*)"'
    r'(?: in the namespace "(?P<namespace>[^"]*)")?'
)
_NAMESPACE = re.compile(r'namespaces "([^"]+)" not found')
_WEBHOOK = re.compile(r'admission webhook "([^"]+)" denied the request:?\s*(.*)', re.DOTALL)
_POLICY = re.compile(
    r"(ValidatingAdmissionPolicy '[^']+')(?: with binding '[^']+')? denied request:?\s*(.*)", re.DOTALL
)
_LIMITS = re.compile(
    r"exceeded quota|(minimum|maximum) (cpu|memory)|must specify (limits|requests)|max limit to request"
)

_UNAUTHORISED, _FORBIDDEN_STATUS, _NOT_FOUND, _CONFLICT, _INVALID = 401, 403, 404, 409, 422


def trouble_of(status: int, answer: dict[str, Any], cluster: str) -> errors.KubernetesTrouble:
    """The trouble that an answer stands for.

    Args:
        status: HTTP status.
        answer: The API's `Status` object.
        cluster: What people call the cluster.
    """
    said = str(answer.get("message") or answer.get("reason") or f"status {status}").strip()
    if status == _UNAUTHORISED:
        return errors.CredentialsExpired(
            f"{cluster} does not accept your credentials: they have expired, or are another cluster's.",
            "Log in again with what gave you the kubeconfig (for instance `az aks get-credentials`, "
            "`aws eks update-kubeconfig`, `gcloud container clusters get-credentials`).",
            said,
        )
    found = _refused(said, cluster) if status == _FORBIDDEN_STATUS else None
    if found is None and (webhook := _admission(said)):
        found = webhook
    if found is not None:
        return found
    missing = _NAMESPACE.search(said)
    if status == _NOT_FOUND and missing:
        return namespace_missing(missing[1], cluster)
    if status == _INVALID:
        return errors.ObjectInvalid(
            f"{cluster} does not accept an object: {_shortened(said)}",
            "Correct the setting it names in the deployment config.",
            said,
        )
    return errors.KubernetesTrouble(f"{cluster} refused: {_shortened(said)}", evidence=said)


def namespace_missing(namespace: str, cluster: str) -> errors.NamespaceMissing:
    """There is no such namespace, and how to make it."""
    return errors.NamespaceMissing(
        f"There is no namespace {namespace!r} in {cluster}.",
        f"Create it (`kubectl create namespace {namespace}`), or name another.",
    )


def _refused(said: str, cluster: str) -> errors.KubernetesTrouble | None:
    rule = _FORBIDDEN.search(said)
    if rule:
        where = f"namespace {rule['namespace']}" if rule["namespace"] else "the whole cluster"
        return errors.RuleMissing(
            f"{rule['user']} may not {rule['verb']} {rule['resource']} in {where} of {cluster}.",
            "Have an administrator grant the Role that `mooring computetarget role` prints; the missing rule: "
            f"apiGroups: [{rule['group']!r}], resources: [{rule['resource']!r}], verbs: [{rule['verb']!r}].",
            said,
        )
    if _LIMITS.search(said):
        return errors.QuotaExceeded(
            f"A quota or limit of the namespace is in the way: {_shortened(_after_forbidden(said))}",
            "Ask for less (cpu, memoryInGB, replicas), delete what is not needed, or have the quota raised.",
            said,
        )
    if "violates PodSecurity" in said:
        return errors.AdmissionRefused(
            f"Pod security refused the pods: {_shortened(_after_forbidden(said))}",
            "Deploy to a namespace that allows what the image needs, or change what it needs.",
            said,
        )
    return _admission(said)


def _admission(said: str) -> errors.AdmissionRefused | None:
    for pattern, what in ((_WEBHOOK, "Admission webhook {}"), (_POLICY, "{}")):
        found = pattern.search(said)
        if found:
            reason = _shortened(found[2]) or "it gives no reason"
            return errors.AdmissionRefused(
                f"{what.format(found[1])} refused: {reason}",
                "Do what it asks for, or ask whoever runs the cluster for an exception.",
                said,
            )
    return None


def refusal_in(said: str, cluster: str) -> errors.KubernetesTrouble | None:
    """The trouble in the words of an event about pods that could not be made; None for other words."""
    return _refused(said, cluster)


def _after_forbidden(said: str) -> str:
    return said.partition("is forbidden: ")[2] or said


def _shortened(said: str) -> str:
    line = " ".join(said.split())
    line = line if len(line) <= 300 else f"{line[:297]}…"  # noqa: PLR2004
    return line if line.endswith((".", "…")) else f"{line}."
