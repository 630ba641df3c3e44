"""The docker target: keeps the promises of `mooring.deployments.target.Target` with two containers a service.

The front has the address for good; the app container runs one revision, and the next revision's starts beside it.
A container that serves has a restart policy, one that is being tried has none: that is how, after a kill, what
serves is told from what was left half-made.
"""

from __future__ import annotations

import contextlib
import heapq
import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.deployments.container_failures import as_seen_here, crash_told
from mooring.deployments.container_phases import PhaseWatch
from mooring.deployments.container_records import Record, SavedRecords, as_line
from mooring.deployments.target import Crash, Observation, Release, Reporter, Running, StartFailed
from mooring.deployments.values import LogLine
from mooring.engine import DockerTrouble, Engine
from mooring.engine.errors import GpuMissing, ImageNotFound
from mooring.engine.removing import remove_container, remove_image
from mooring.errors import MooringError
from mooring.findings import Finding
from mooring.images.bases import base_lock_path
from mooring.images.building import build_image
from mooring.images.contract import KEYS_FILE
from mooring.images.labels import SCOPE
from mooring.images.parts import BuiltImage
from mooring.settings import Settings
from mooring.targets.docker.checks import check_deployment
from mooring.targets.docker.containers import (
    DRAIN_S,
    create_app_container,
    is_serving,
    mark_serving,
    revision_of,
)
from mooring.targets.docker.front import Front, FrontOptions
from mooring.targets.docker.front_config import SLOTS
from mooring.targets.docker.garbage import DockerGarbage, find_garbage, remove_garbage
from mooring.targets.docker.host_names import label_of
from mooring.targets.docker.observing import observe_service
from mooring.targets.docker.place import APP, SLOT, DockerPlace
from mooring.targets.docker.probing import await_answer, probe_inside
from mooring.targets.docker.reading import read_container
from mooring.targets.docker.secrets import put_secrets
from mooring.targets.docker.telling import reachable_host, running_of, scheme_of
from mooring.targets.docker.waiting import await_serving

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig

_KEYS_ARE_READ_WITHIN_S = 0.35  # the server looks at the file four times a second
_ANSWERS_WITHIN_S = 30.0


class DockerTarget:
    """Runs each service in containers.

    Args:
        settings: Say which images to begin with, and where ports are published.
    """

    name = "docker"
    compute_types: tuple[str, ...] = ("local", "aci")
    runs_elsewhere = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def engine(self) -> Engine:
        """The engine that is used."""
        return Engine()

    def check(self, service: str, deployment: DeploymentConfig) -> list[Finding]:
        """Whether the engine answers, the port can be had, and what is published is guarded."""
        place = self._place(service)
        return check_deployment(self.engine, place, deployment, self._front(place).port)

    def start(self, release: Release, reporter: Reporter) -> Running:
        """Build what is missing of the image, start a container, and give it the address.

        Raises:
            StartFailed: It does not come up; what served before still does.
            MooringError: The image can't be made, or the engine can't be used.
        """
        place = self._place(release.service)
        self._refuse_missing_gpu(release)
        image = self._build(release, reporter)
        serving = self._settle(place)
        slot = next(each for each in SLOTS if serving is None or each != _slot_of(serving))
        options = FrontOptions(
            release.port or None, _certificate(release), _replays(release), label_of(release.deployment)
        )
        front = self._front(place)
        made_front = front.find() is None
        container = ""
        try:
            self._ensure_network(place)
            container = self._create(place, release, image.id, slot, reporter)
            with self.engine.told(place.container(release.revision)):
                self.engine.api.start(container)
            if made_front:
                reporter.progress("started", "address")
                front.create(slot, options, reporter)
            running = running_of(self.engine, self._settings, release.deployment, front.port(), container)
            name = place.container(release.revision)
            words = f"container {name} for {running.scoring_uri}"
            self._await(release, container, PhaseWatch(reporter, words, {"container": name}))
            self._probe(release, container)
            self._give_address(place, front, container, slot, options, made_front=made_front)
            self._await_front(running, release)
        except BaseException as error:
            if serving is not None and not made_front:
                self._finish_switch(place, serving)
            self._undo(place, release, container, front if made_front and serving is None else None)
            if isinstance(error, DockerTrouble) and error.code == "port-taken":
                crash = Crash(code=error.code, engine=error.problem.rstrip("."))
                raise StartFailed(service=release.service, crash=crash) from error
            raise
        if serving is not None:
            self._drain(place, serving, reporter)
        return running

    def _create(self, place: DockerPlace, release: Release, image: str, slot: str, reporter: Reporter) -> str:
        try:
            return create_app_container(self.engine, place, release, image, slot)
        except ImageNotFound:  # a service of the same content was deleted just now, and took the image along
            again = self._build(release, reporter)
            return create_app_container(self.engine, place, release, again.id, slot)

    def observe(self, service: str) -> Observation:
        """What the engine says; that it can't be asked is part of the answer."""
        return observe_service(
            self.engine, self._place(service), self._settings, self._front(self._place(service))
        )

    def logs(self, service: str, *, after: str = "", last_start: bool = False) -> Iterator[LogLine]:
        """Lines of the workers, and as stream `system` what the supervisors in the containers did."""
        place = self._place(service)
        number = int(after) if after.isdigit() else 0
        records = list(self._records(place, number))
        if last_start:
            starts = [at for at, record in enumerate(records) if record.get("event") == "generation-starting"]
            records = records[starts[-1] :] if starts else records
        for record in records:
            yield as_line(
                record,
                str(place.app_root(int(record.get("revision_seen") or 0)))
                if record.get("revision_seen")
                else "",
            )

    def apply_keys(self, service: str) -> None:
        """Put the new keys where the servers read them; they are in force when this returns."""
        place = self._place(service)
        keys = place.folder.parent / KEYS_FILE
        found = [each for each in self._apps(place) if each["State"].get("Running")]
        if not found or not keys.exists():
            return
        for container in found:
            put_secrets(self.engine, container["Id"], {KEYS_FILE: keys.read_bytes()})
        time.sleep(_KEYS_ARE_READ_WITHIN_S)

    def tidy(self, service: str) -> None:
        """Remove what never served; what serves goes on, and has the address."""
        place = self._place(service)
        serving = self._settle(place)
        if serving is None:
            self._front(place).remove()
            self._forget_network(place)

    def stop(self, service: str) -> None:
        """Remove the service's containers, volumes and logs, and the network with the last service."""
        place = self._place(service)
        for facts in self._apps(place):
            with self.engine.told(facts["Name"]), contextlib.suppress(DockerTrouble):
                self.engine.api.stop(facts["Id"], timeout=5)
            remove_container(self.engine, facts["Id"], volume=facts["Name"].lstrip("/"))
            remove_image(self.engine, facts["Image"])
        self._front(place).remove()
        self._forget_volumes(place)
        self._forget_network(place)
        self._forget_folder(place)

    def garbage(self, services: Collection[str]) -> list[DockerGarbage]:
        """What may be removed from the engine; empty when there is none to ask, or nothing was ever built from here.

        Args:
            services: Names of the workspace's services.
        """
        if not base_lock_path(self._settings).exists():
            return []
        try:
            return find_garbage(self.engine, self._settings, services)
        except DockerTrouble:
            return []

    def remove_garbage(self, found: Collection[DockerGarbage]) -> None:
        """Remove what `garbage` named."""
        remove_garbage(self.engine, found)

    # ---- starting -----------------------------------------------------------------------------------------------

    def _place(self, service: str) -> DockerPlace:
        return DockerPlace(self._settings, service)

    def _front(self, place: DockerPlace) -> Front:
        return Front(self.engine, place, self._settings)

    def _refuse_missing_gpu(self, release: Release) -> None:
        if not release.image.needs_gpu and not release.resources.gpus:
            return
        with self.engine.told():
            runtimes: dict[str, Any] = self.engine.questions.info().get("Runtimes") or {}
        if "nvidia" not in runtimes:
            raise GpuMissing(
                "A GPU was asked for, and the Docker engine has none to give.",
                "Install the NVIDIA container toolkit on the engine's machine, or set enableGpu and gpuCores to nothing.",
            )

    def _build(self, release: Release, reporter: Reporter) -> BuiltImage:
        image = build_image(
            release.image_parts,
            engine=self.engine,
            settings=self._settings,
            tell=lambda text: reporter.progress("image", text),
        )
        facts = {"id": image.id, "tag": image.tag, "base": image.base, "made": list(image.made)}
        reporter.event("image", image.describe(), data=facts)
        return image

    def _await(self, release: Release, container: str, watch: PhaseWatch) -> None:
        crash = await_serving(self.engine, container, release.ready_within_s, watch)
        if crash is not None:
            raise StartFailed(service=release.service, crash=as_seen_here(crash, release.app_root))

    def _give_address(
        self,
        place: DockerPlace,
        front: Front,
        container: str,
        slot: str,
        options: FrontOptions,
        *,
        made_front: bool,
    ) -> None:
        """From the mark on, a kill leaves a container that is given the address by whoever looks next."""
        mark_serving(self.engine, container)
        if not made_front:
            facts = self.engine.find_container(container) or {}
            front.switch(slot, _address(facts, place), options)

    def _probe(self, release: Release, container: str) -> None:
        """Ask the container itself before any traffic goes to it."""
        crash = probe_inside(self.engine, container, within_s=_ANSWERS_WITHIN_S)
        if crash is not None:
            said = as_seen_here(crash_told(read_container(self.engine, container)), release.app_root)
            raise StartFailed(service=release.service, crash=replace(crash, log_tail=said.log_tail))

    def _await_front(self, running: Running, release: Release) -> None:
        """Ask at the address itself, once: from here on everybody may."""
        host = reachable_host(self.engine, self._settings)
        crash = await_answer(host, running.scoring_uri, within_s=_ANSWERS_WITHIN_S)
        if crash is not None:
            raise StartFailed(service=release.service, crash=crash)

    def _drain(self, place: DockerPlace, old: dict[str, Any], reporter: Reporter) -> None:
        began = time.monotonic()
        with self.engine.told(old["Name"]):
            self.engine.api.stop(old["Id"], timeout=int(DRAIN_S) + 2)
        self._remove(place, old)
        seconds = time.monotonic() - began
        text = f"traffic moved from revision {revision_of(old)}, drained in {seconds:.1f} s"
        reporter.event("switch", text, data={"drained_s": round(seconds, 3)})

    def _undo(self, place: DockerPlace, release: Release, container: str, front: Front | None) -> None:
        """Whatever this start made goes, except for its log."""
        facts = self.engine.find_container(container or place.container(release.revision))
        if facts is not None:
            self._remove(place, facts)
        if front is not None:
            front.remove()
            self._forget_network(place)

    # ---- what is there ------------------------------------------------------------------------------------------

    def _apps(self, place: DockerPlace) -> list[dict[str, Any]]:
        """App containers of a service, inspected, lowest revision first."""
        found = (self.engine.find_container(each["Id"]) for each in self.engine.containers(place.role(APP)))
        return sorted((facts for facts in found if facts is not None), key=revision_of)

    def _settle(self, place: DockerPlace) -> dict[str, Any] | None:
        """The one container that serves; whatever else an interrupted start left is removed."""
        apps = self._apps(place)
        serving = [facts for facts in apps if is_serving(facts)]
        for facts in [*(each for each in apps if not is_serving(each)), *serving[:-1]]:
            if serving[:-1] and facts is serving[0]:
                self._finish_switch(place, serving[-1])
            self._remove(place, facts)
        return serving[-1] if serving else None

    def _finish_switch(self, place: DockerPlace, serving: dict[str, Any]) -> None:
        front = self._front(place)
        if front.find() is not None and serving["State"].get("Running"):
            with contextlib.suppress(MooringError):
                front.switch_back(_slot_of(serving), _address(serving, place))

    def _remove(self, place: DockerPlace, facts: dict[str, Any]) -> None:
        records = read_container(self.engine, facts["Id"])
        SavedRecords(place.folder / "logs").save(_with_revision(records, revision_of(facts)))
        remove_container(self.engine, facts["Id"], volume=facts["Name"].lstrip("/"))
        remove_image(self.engine, facts["Image"])

    def _records(self, place: DockerPlace, after: int) -> Iterator[Record]:
        streams = [list(SavedRecords(place.folder / "logs").read(after))]
        with contextlib.suppress(DockerTrouble):
            for facts in self._apps(place):
                records = read_container(self.engine, facts["Id"], after)
                streams.append(_with_revision(records, revision_of(facts)))
        return heapq.merge(*streams, key=lambda record: record["seq"])

    # ---- around it ----------------------------------------------------------------------------------------------

    def _ensure_network(self, place: DockerPlace) -> None:
        api = self.engine.api
        with self.engine.told(place.network):
            if not api.networks(names=[f"^{place.network}$"]):
                with (
                    contextlib.suppress(DockerTrouble),
                    self.engine.told(),
                ):  # another process has just made it
                    api.create_network(place.network, labels={SCOPE: place.scope}, check_duplicate=True)

    def _forget_network(self, place: DockerPlace) -> None:
        if self.engine.containers({SCOPE: place.scope}):
            return
        with contextlib.suppress(DockerTrouble), self.engine.told(place.network):
            self.engine.api.remove_network(place.network)

    def _forget_volumes(self, place: DockerPlace) -> None:
        wanted = [f"{name}={value}" for name, value in place.labels.items()]
        with self.engine.told():
            found = self.engine.api.volumes(filters={"label": wanted}).get("Volumes") or []
            for volume in found:
                self.engine.api.remove_volume(volume["Name"], force=True)

    def _forget_folder(self, place: DockerPlace) -> None:
        import shutil

        shutil.rmtree(place.folder, ignore_errors=True)


def _slot_of(facts: dict[str, Any]) -> str:
    return str(facts["Config"]["Labels"].get(SLOT) or SLOTS[0])


def _address(facts: dict[str, Any], place: DockerPlace) -> str:
    networks = (facts.get("NetworkSettings") or {}).get("Networks") or {}
    return str((networks.get(place.network) or {}).get("IPAddress") or "")


def _with_revision(records: list[Record], revision: int) -> list[Record]:
    return [{**record, "revision_seen": revision} for record in records]


def _replays(release: Release) -> bool:
    return release.environment_variables.get("MOORING_REPLAY", "true").lower() not in (
        "false",
        "0",
        "no",
        "off",
    )


def _certificate(release: Release) -> bytes:
    """Chain and key in one text, as the front wants them; empty without TLS."""
    if scheme_of(release.deployment) != "https":
        return b""
    paths = (release.deployment.get("sslCertificate"), release.deployment.get("sslKey"))
    return b"\n".join(Path(str(path)).read_bytes().strip() for path in paths) + b"\n"
