"""Putting objects into the cluster, and taking them out: server-side apply of ours, owned by the root."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from mooring.deployments.target import Reporter
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.judging import name_of
from mooring.targets.kubernetes.kinds import (
    ALL,
    AUTOSCALER,
    CONFIG_MAP,
    DEPLOYMENT,
    DISRUPTION_BUDGET,
    POD,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    Kind,
)
from mooring.targets.kubernetes.manifests import owned
from mooring.targets.kubernetes.place import REVISION, KubernetesPlace
from mooring.targets.kubernetes.root import Root

Json = dict[str, Any]

_SHORTLY_S = 1
_CONFLICT = re.compile(r'conflicts? with "([^"]+)"')
_ALWAYS = (SERVICE, DEPLOYMENT, AUTOSCALER, DISRUPTION_BUDGET, SECRET, SERVICE_ACCOUNT)


class Applier:
    """Applies and removes the objects of one service.

    Args:
        cluster: They are in.
        place: Of the service.
        root: Owns what is applied; None when only removing.
        reporter: Told what others had changed.
    """

    def __init__(
        self, cluster: Cluster, place: KubernetesPlace, root: Root | None, reporter: Reporter | None
    ) -> None:
        self._cluster = cluster
        self._place = place
        self._root = root
        self._reporter = reporter

    def apply_all(self, objects: Iterable[Json], *, keeps_replicas: bool = False) -> None:
        """Make the objects so.

        Args:
            objects: In order.
            keeps_replicas: Leave the number of replicas as it is now.
        """
        assert self._root is not None  # noqa: S101 - whoever applies has a root
        for manifest in objects:
            kind = ALL[manifest["kind"]]
            wanted = owned(manifest, self._root.object)
            if keeps_replicas and kind is DEPLOYMENT:
                live = self._cluster.find(DEPLOYMENT, self._place.namespace, name_of(manifest))
                replicas = (live or manifest)["spec"].get("replicas")
                wanted = {**wanted, "spec": {**wanted["spec"], "replicas": replicas}}
            self._cluster.apply(kind, self._place.namespace, wanted, self._note_conflict)

    def prune(self, before: Iterable[Json], now: Iterable[Json], *, keep_revision: int) -> None:
        """Remove objects that were part of it and are not any more, and the Secrets of other revisions."""
        kept = {(each["kind"], name_of(each)) for each in now}
        for manifest in before:
            if (manifest["kind"], name_of(manifest)) not in kept:
                self._cluster.delete(ALL[manifest["kind"]], self._place.namespace, name_of(manifest))
        shared = {self._place.keys_secret, self._place.tls_secret, self._place.pull_secret}
        own = self._place.revision_secret(keep_revision)
        for secret in self._cluster.items(SECRET, self._place.namespace, labels=self._place.workload_labels):
            if name_of(secret) not in (*shared, own):
                self._cluster.delete(SECRET, self._place.namespace, name_of(secret))

    def remove_all(self) -> None:
        """Remove everything of the service, its address first and its root last; nothing happens when it is gone."""
        namespace, labels = self._place.namespace, self._place.labels
        for kind in self._kinds():
            if kind is CONFIG_MAP:
                continue
            for found in self._cluster.items(kind, namespace, labels=labels):
                self._cluster.delete(kind, namespace, name_of(found))
        for pod in self._cluster.items(POD, namespace, labels=labels):
            self._cluster.delete(POD, namespace, name_of(pod), grace_s=_SHORTLY_S)
        for root in self._cluster.items(CONFIG_MAP, namespace, labels=labels):
            self._cluster.delete(CONFIG_MAP, namespace, name_of(root))

    def remove_version(self) -> None:
        """Remove what belongs to one version of an endpoint alone."""
        namespace, labels = self._place.namespace, self._place.workload_labels
        own = self._place
        shared = {own.keys_secret, own.tls_secret, own.pull_secret, own.service}
        for kind in self._kinds():
            for found in self._cluster.items(kind, namespace, labels=labels):
                if name_of(found) not in shared:
                    self._cluster.delete(kind, namespace, name_of(found))

    def _kinds(self) -> list[Kind]:
        """Kinds there may be objects of; those only some services have are looked for where they were applied."""
        root = self._root or Root.find(self._cluster, self._place)
        views = [root.of_version(version) for version in root.versions] if root else []
        parts = [part for view in views for part in (view.serving, view.trial) if part]
        more = [ALL[each["kind"]] for part in parts for each in part.objects]
        return list(dict.fromkeys([*_ALWAYS, *more]))

    def _note_conflict(self, words: str) -> None:
        who = ", ".join(dict.fromkeys(_CONFLICT.findall(words))) or "somebody else"
        if self._reporter is not None and "kube-controller-manager" not in who:
            text = f"{who} had changed what this deployment sets; the deployment's values count"
            with suppress(KubernetesTrouble):
                self._reporter.event("applied", text, data={"conflict": words})


def revision_of(thing: Json) -> int:
    """The revision an object was applied for."""
    return int(thing["metadata"]["labels"].get(REVISION) or 0)
