"""What a client may have to do in a namespace: the Role an administrator grants, and whether it was granted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mooring.targets.kubernetes import kinds
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.kinds import Kind

Json = dict[str, Any]

_MAKE = ("get", "list", "create", "patch", "delete")


@dataclass(frozen=True)
class Rule:
    """Some verbs on some kinds of objects of one API group."""

    group: str
    resources: tuple[str, ...]
    verbs: tuple[str, ...]

    def to_dict(self) -> Json:
        """As RBAC writes it."""
        return {"apiGroups": [self.group], "resources": list(self.resources), "verbs": list(self.verbs)}


RULES = (
    Rule("", ("configmaps", "secrets", "services", "serviceaccounts"), _MAKE),
    Rule("", ("pods",), ("get", "list", "patch", "delete")),
    Rule("", ("pods/log",), ("get",)),
    Rule("", ("pods/portforward",), ("get", "create")),
    Rule("", ("events",), ("list",)),
    Rule("apps", ("deployments",), _MAKE),
    Rule("autoscaling", ("horizontalpodautoscalers",), _MAKE),
    Rule("policy", ("poddisruptionbudgets",), _MAKE),
    Rule("networking.k8s.io", ("networkpolicies", "ingresses"), _MAKE),
    Rule("discovery.k8s.io", ("endpointslices",), ("list",)),
)
"""All that is needed in a namespace."""

OPTIONAL = (
    Rule("metrics.k8s.io", ("pods",), ("list",)),
    Rule("gateway.networking.k8s.io", ("httproutes",), _MAKE),
    Rule("gateway.networking.k8s.io", ("gateways",), ("get",)),
)
"""CPU and memory of replicas; routes of a Gateway, and its addresses."""

_EXPOSING = ("ingresses", "networkpolicies", "pods/portforward", "endpointslices")
"""Only needed by some ways of exposing; their lack is told when they are used."""


def role(namespace: str, name: str = "mooring") -> Json:
    """The Role an administrator grants."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": name, "namespace": namespace},
        "rules": [rule.to_dict() for rule in (*RULES, *OPTIONAL)],
    }


def role_binding(namespace: str, subject: Json, name: str = "mooring") -> Json:
    """Gives somebody the Role."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": name, "namespace": namespace},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
        "subjects": [subject],
    }


def missing_rules(cluster: Cluster, namespace: str) -> list[str]:
    """What is needed and not granted, as `verb resource.group`; nothing when the cluster can't tell all."""
    review = cluster.ask(
        "POST",
        "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
        {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectRulesReview",
            "spec": {"namespace": namespace},
        },
    )
    status = (review or {}).get("status") or {}
    if status.get("incomplete"):
        return []
    granted: list[Json] = status.get("resourceRules") or []
    return [
        f"{verb} {resource}{f'.{rule.group}' if rule.group else ''}"
        for rule in RULES
        for resource in rule.resources
        if resource not in _EXPOSING
        for verb in rule.verbs
        if not any(_allows(each, rule.group, resource, verb) for each in granted)
    ]


def _allows(rule: Json, group: str, resource: str, verb: str) -> bool:
    def has(name: str, value: str) -> bool:
        return value in (rule.get(name) or []) or "*" in (rule.get(name) or [])

    return (
        not rule.get("resourceNames")
        and has("apiGroups", group)
        and has("resources", resource)
        and has("verbs", verb)
    )


def serves_metric(cluster: Cluster, metric: str) -> bool:
    """Whether the cluster serves a metric of pods, by an adapter."""
    known = cluster.ask("GET", "/apis/custom.metrics.k8s.io/v1beta1") or {}
    return any(each.get("name") == f"pods/{metric}" for each in known.get("resources") or [])


def all_kinds() -> tuple[Kind, ...]:
    """Kinds that `stop` looks through."""
    return tuple(kinds.ALL.values())
