"""The Kubernetes target: keeps the promises of `mooring.deployments.target.Target` with plain objects of a cluster.

A revision is a pod template. A new one is rolled out beside the old one by the cluster itself, which takes no old pod
away before a new one has answered; when that never happens, the template that served is put back. What serves is
written on the service's root object once it does, so that after a kill what serves is told from what was tried.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mooring.deployments.container_failures import as_seen_here
from mooring.deployments.container_phases import PhaseWatch
from mooring.deployments.target import Observation, Release, Reporter, Running, StartFailed
from mooring.deployments.values import LogLine
from mooring.errors import MooringError
from mooring.findings import Finding
from mooring.images.contract import KEYS_FILE
from mooring.settings import Settings
from mooring.targets.kubernetes.addressing import address_of, kept_address
from mooring.targets.kubernetes.applying import Applier
from mooring.targets.kubernetes.checks import check_deployment
from mooring.targets.kubernetes.cluster import Cluster, has_kubeconfig
from mooring.targets.kubernetes.endpoint import Endpoint, VersionUnknown, traffic_wanted
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.forwarding import Forward
from mooring.targets.kubernetes.garbage import KubernetesGarbage, find_garbage, remove_garbage
from mooring.targets.kubernetes.imaging import pushed_image
from mooring.targets.kubernetes.judging import is_ending, name_of
from mooring.targets.kubernetes.keys import apply_keys
from mooring.targets.kubernetes.kinds import DEPLOYMENT
from mooring.targets.kubernetes.logs import read_logs
from mooring.targets.kubernetes.manifests import release_objects, secret_objects
from mooring.targets.kubernetes.observing import (
    find_all,
    observe,
    out_of_reach,
    out_of_reach_noted,
    replica_rows,
    running_at,
)
from mooring.targets.kubernetes.patience import waiting_for_api
from mooring.targets.kubernetes.permissions import serves_metric
from mooring.targets.kubernetes.place import SERVICE, KubernetesPlace, Places
from mooring.targets.kubernetes.printing import NOT_BUILT, placed
from mooring.targets.kubernetes.rollout import Rollout
from mooring.targets.kubernetes.root import Root
from mooring.targets.kubernetes.scaling import REQUESTS_METRIC
from mooring.targets.kubernetes.settling import await_gone, pods_of, settle_all, undo
from mooring.targets.kubernetes.taking_over import await_only

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig

Json = dict[str, Any]


class KubernetesTarget:
    """Runs each service as a Deployment.

    Args:
        settings: Say which workspace, and from which registry the cluster pulls.
    """

    name = "kubernetes"
    compute_types: tuple[str, ...] = ("aks", "aksendpoint")
    runs_elsewhere = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def places(self) -> Places:
        """Where services are."""
        return Places(self._settings)

    def check(self, service: str, deployment: DeploymentConfig) -> list[Finding]:
        """Whether the cluster answers, has the namespace, and lets us do what is needed."""
        try:
            place = self.places.wanted(service, deployment.to_dict())
            return check_deployment(self._cluster(place), place, self.places.known(service), deployment)
        except MooringError as error:
            return [Finding(code=error.code, severity="error", problem=error.problem, remedy=error.remedy)]

    def start(self, release: Release, reporter: Reporter) -> Running:
        """Push what is missing of the image, apply the objects, and wait until the cluster has rolled them out.

        Raises:
            StartFailed: Its pods don't come up; what served before still does.
            MooringError: The image can't be made, or the cluster refuses.
        """
        place = self._wanted_place(release)
        cluster = self._cluster(place)
        image = pushed_image(self._settings, place.compute, release, reporter)
        place.remember()
        root, is_new = Root.claim(cluster, place)
        if not is_new:
            root = settle_all(cluster, root) or Root.claim(cluster, place)[0]
        root = root.of_version(place.version)
        table = self._traffic(cluster, root, release)
        before = root.serving
        applier = Applier(cluster, place, root, reporter)
        try:
            with waiting_for_api(reporter):
                objects = self._objects(cluster, place, release, image)
                root.note_trial(release.revision, objects)
                applier.apply_all([*secret_objects(place, release), *objects])
                self._await(cluster, place, release, reporter)
                if table:
                    reporter.progress("route", "sharing requests out")
                    Endpoint(cluster, root, self._settings).route(table, reporter)
                address = address_of(cluster, place, root, reporter)
                if not table:
                    await_only(
                        cluster, place, address, release.revision, reporter, is_update=before is not None
                    )
                root.note_serving(release.revision, objects, address)
        except BaseException:
            undo(cluster, root, before, reporter)
            raise
        with waiting_for_api(reporter):
            applier.prune(before.objects if before else [], objects, keep_revision=release.revision)
        return running_at(address, place)

    def observe(self, service: str) -> Observation:
        """What the cluster says; that it can't be asked is part of the answer."""
        return self.observe_many([service])[service]

    def observe_many(self, services: Collection[str]) -> dict[str, Observation]:
        """What the clusters say about several services, with a few questions for all of them."""
        seen: dict[str, Observation] = {}
        by_namespace: dict[tuple[str, str, str], list[KubernetesPlace]] = {}
        for service in services:
            with out_of_reach_noted(seen, service):
                place = self.places.of(service)
                key = (place.compute.context, place.compute.kubeconfig, place.namespace)
                by_namespace.setdefault(key, []).append(place)
        for places in by_namespace.values():
            seen |= self._observe_namespace(places)
        return seen

    def replicas(self, service: str) -> list[Json]:
        """A row for each replica of a service."""
        place = self.places.of(service)
        cluster = self._cluster(place)
        return replica_rows(cluster, place, pods_of(cluster, place))

    def manifest(self, service: str) -> list[Json]:
        """The objects a service was made of, without Secrets; empty when it never served."""
        place = self.places.of(service)
        root = Root.find(self._cluster(place), place)
        found = [root.of_version(version).serving for version in root.versions] if root else []
        return placed(place, [each for serving in found if serving for each in serving.objects])

    def planned_manifest(self, release: Release) -> list[Json]:
        """The objects that `start` would apply, without Secrets; nothing is made or pushed.

        The image has its digest when it is one that is in a registry already.
        """
        place = self._wanted_place(release)
        image = release.prebuilt.reference if release.prebuilt else ""
        image = image or f"{place.compute.registry.rstrip('/')}/{NOT_BUILT}"
        return placed(place, self._objects(self._cluster(place), place, release, image))

    def versions(self, service: str) -> Json:
        """How an endpoint shares its requests out: by version `traffic`, `default`, `control`; else empty."""
        place = self.places.of(service)
        root = Root.find(self._cluster(place), place)
        return root.traffic if root else {}

    def set_traffic(self, service: str, version: str, wanted: Json) -> None:
        """Send a version another share of the requests, or make it the default; nothing of it restarts.

        Raises:
            KubernetesTrouble: There is no such version, or more than everything would be assigned.
        """
        endpoint = self._endpoint(service)
        endpoint.require(version)
        endpoint.route(endpoint.with_version(version, wanted), None)

    def delete_version(self, service: str, version: str) -> None:
        """Remove a version of an endpoint, once nothing is sent to it any more.

        Raises:
            KubernetesTrouble: There is no such version, or it is the default.
        """
        self._endpoint(service).delete(version)

    def logs(self, service: str, *, after: str = "", last_start: bool = False) -> Iterator[LogLine]:
        """Lines of all replicas, and as stream `system` what the supervisors in them did."""
        place = self.places.of(service)
        pods: list[Json] = []
        cluster = self._cluster(place)
        with contextlib.suppress(KubernetesTrouble):
            pods = pods_of(cluster, place)
        yield from read_logs(cluster, place, pods, after=after, last_start=last_start)

    def apply_keys(self, service: str) -> None:
        """Put the new keys where the servers read them; they are in force when this returns."""
        place = self.places.known(service)
        keys = place.folder.parent / KEYS_FILE if place else None
        if place is None or keys is None or not keys.exists():
            return
        cluster = self._cluster(place)
        root = Root.find(cluster, place)
        if root is not None:
            apply_keys(cluster, place, root, keys.read_bytes(), pods_of(cluster, place))

    def tidy(self, service: str) -> None:
        """Put back what served, or, when the trial serves by now, leave it; what never served goes."""
        place = self.places.known(service)
        if place is None:
            return
        cluster = self._cluster(place)
        root = Root.find(cluster, place)
        if root is not None:
            settle_all(cluster, root)

    def stop(self, service: str) -> None:
        """Remove everything of the service from the cluster, its logs and its forward."""
        place = self.places.known(service)
        if place is None:
            return
        Forward(place).stop()
        cluster = self._cluster(place)
        draining = {name_of(pod) for pod in pods_of(cluster, place) if is_ending(pod)}
        Applier(cluster, place, None, None).remove_all()
        await_gone(cluster, place, draining)
        import shutil

        shutil.rmtree(place.folder, ignore_errors=True)

    def garbage(self, services: Collection[str]) -> list[KubernetesGarbage]:
        """What services that are gone left in clusters; empty when no kubeconfig names any."""
        if not has_kubeconfig() and not any(each.name for each in self.places.all()):
            return []
        clusters: list[tuple[Cluster, str]] = []
        for compute in self.places.all():
            with contextlib.suppress(KubernetesTrouble):
                place = self.places.wanted(
                    "", {"computeTargetName": compute.name, "namespace": compute.namespace}
                )
                cluster = self._cluster(place)
                if cluster.client is not None:
                    clusters.append((cluster, place.namespace))
        from mooring.images.labels import scope_of

        return find_garbage(clusters, scope_of(self._settings), services)

    def remove_garbage(self, found: Collection[KubernetesGarbage]) -> None:
        """Remove what `garbage` named."""
        remove_garbage(found)

    # ---- starting -----------------------------------------------------------------------------------------------

    def _wanted_place(self, release: Release) -> KubernetesPlace:
        place = self.places.wanted(release.service, release.deployment)
        if release.compute_type != "aksendpoint":
            return place
        return replace(place, version=str(release.deployment.get("versionName") or release.service))

    def _cluster(self, place: KubernetesPlace) -> Cluster:
        return self.places.cluster(place.compute)

    def _objects(self, cluster: Cluster, place: KubernetesPlace, release: Release, image: str) -> list[Json]:
        live = cluster.find(DEPLOYMENT, place.namespace, place.workload)
        return release_objects(
            place,
            release,
            image,
            live=live["spec"].get("replicas") if live else None,
            counts_requests=serves_metric(cluster, REQUESTS_METRIC),
        )

    def _await(self, cluster: Cluster, place: KubernetesPlace, release: Release, reporter: Reporter) -> None:
        words = f"pods of {place.service} in namespace {place.namespace} of {cluster.name}"
        watch = PhaseWatch(reporter, words, {"namespace": place.namespace})
        rollout = Rollout(cluster, place, place.workload, release.revision, reporter=reporter, hear=watch)
        crash = rollout.wait(release.ready_within_s)
        if crash is not None:
            raise StartFailed(service=release.service, crash=as_seen_here(crash, release.app_root))

    def _endpoint(self, service: str) -> Endpoint:
        place = self.places.of(service)
        cluster = self._cluster(place)
        root = Root.find(cluster, place)
        if root is None or not root.traffic:
            raise VersionUnknown(f"{service} has no versions.", "Deploy it with computeType aksendpoint.")
        return Endpoint(cluster, root, self._settings)

    def _traffic(self, cluster: Cluster, root: Root, release: Release) -> Json:
        """The table of an endpoint with the version that is to come; empty for a service that is none."""
        if not root.place.version:
            return {}
        endpoint = Endpoint(cluster, root, self._settings)
        return endpoint.with_version(root.place.version, traffic_wanted(release.deployment))

    # ---- what is there ------------------------------------------------------------------------------------------

    def _observe_namespace(self, places: list[KubernetesPlace]) -> dict[str, Observation]:
        cluster, one = self._cluster(places[0]), places[0]
        labels = one.labels if len(places) == 1 else {k: v for k, v in one.labels.items() if k != SERVICE}
        try:
            found = find_all(cluster, one.namespace, labels)
        except KubernetesTrouble as trouble:
            return {place.service: out_of_reach(trouble) for place in places}
        seen = {place.service: observe(cluster, place, found.get(place.service)) for place in places}
        return {place.service: kept_address(cluster, place, seen[place.service]) for place in places}
