"""The process target: keeps the promises of `mooring.deployments.target.Target` with a supervisor a service."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mooring.deployments.target import Crash, Observation, Release, Reporter, Running, StartFailed
from mooring.deployments.values import LogLine
from mooring.findings import Finding
from mooring.scoring.supervisor.client import MasterGone
from mooring.scoring.supervisor.launch import LaunchFailed, launch_master
from mooring.scoring.supervisor.ring import materialize_ring
from mooring.scoring.supervisor.spec import PROTOCOL, GenerationSpec, ServiceSpec, save_service
from mooring.settings import Settings
from mooring.targets.process.ending import end_processes
from mooring.targets.process.place import MasterIdentity, Place
from mooring.targets.process.ports import PortForbidden, PortTaken, open_port
from mooring.targets.process.reading import read_lines
from mooring.targets.process.rendering import render_spec
from mooring.targets.process.telling import HOST, read_crash, read_observation, read_running, scoring_uri
from mooring.targets.process.watching import Watch

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig
    from mooring.environments import ReadyEnvironment

_STOP_DRAIN_S = 5.0
_STOP_WITHIN_S = 30.0
_MASTER_END_WITHIN_S = 5.0
_SILENCE_ALLOWED_S = 60.0  # beyond what the release itself may take


class ProcessTarget:
    """Runs each service under a supervisor of its own on this machine.

    Args:
        settings: Say where services keep their things.
    """

    name = "process"
    compute_types: tuple[str, ...] = ("process",)
    runs_elsewhere = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def check(self, service: str, deployment: DeploymentConfig) -> list[Finding]:
        """Whether the port asked for can be had; the service's own port can."""
        port = getattr(deployment, "port", None)
        remembered = self._place(service).remembered()
        if not port or (remembered and remembered.port == port):
            return []
        try:
            open_port(HOST, port).close()
        except (PortTaken, PortForbidden) as error:
            return [Finding(code=error.code, severity="error", problem=error.problem, remedy=error.remedy)]
        return []

    def start(self, release: Release, reporter: Reporter) -> Running:
        """Start the service, or put the release in the place of the one that serves.

        Raises:
            StartFailed: It does not come up; what served before still does.
        """
        place = self._place(release.service)
        environment = release.ready_environment()
        ring = materialize_ring(str(self._settings.home))
        status = place.status()
        if status and _can_update(status, release):
            return self._update(place, release, environment, ring, status, reporter)
        return self._launch(place, release, environment, ring, reporter)

    def observe(self, service: str) -> Observation:
        """What the supervisor says; without one, that it is gone."""
        place = self._place(service)
        status = place.status()
        if status:
            return read_observation(status)
        remembered, master = place.remembered(), place.master()
        if remembered is None:
            return Observation(present=False)
        engine = "The supervisor is gone; nothing answers"
        if master and master.is_running:
            engine = f"The supervisor (process {master.pid}) does not answer"
        return Observation(
            present=True, state="Unhealthy", crash=Crash(code="supervisor-gone", engine=engine)
        )

    def logs(self, service: str, *, after: str = "", last_start: bool = False) -> Iterator[LogLine]:
        """Lines of the workers, and as stream `system` what the supervisor did."""
        return read_lines(self._place(service).logs, after=after, last_start=last_start)

    def apply_keys(self, service: str) -> None:
        """Have the workers read the keys file again."""
        with contextlib.suppress(MasterGone):
            self._place(service).ask({"do": "reload-keys"})

    def tidy(self, service: str) -> None:
        """Give up a start nobody waits for any more; what serves goes on."""
        place = self._place(service)
        status = place.status()
        if status is None:
            self._end(place)
        elif status["revision"] is None:
            self._stop_processes(place, drain_s=0.0)
            place.forget_all_but_logs()
        elif status["state"] == "updating":
            with contextlib.suppress(MasterGone):
                place.ask({"do": "cancel"})

    def stop(self, service: str) -> None:
        """Remove the service's processes and this target's folder of it."""
        place = self._place(service)
        self._stop_processes(place, drain_s=_STOP_DRAIN_S)
        place.forget()

    # ---- starting -----------------------------------------------------------------------------------------------

    def _place(self, service: str) -> Place:
        return Place(self._settings, service)

    def _update(
        self,
        place: Place,
        release: Release,
        environment: ReadyEnvironment,
        ring: str,
        status: dict[str, Any],
        reporter: Reporter,
    ) -> Running:
        port = status["port"]
        spec = render_spec(
            release, environment=environment, ring=ring, nonce=status["nonce"], host=HOST, port=port
        )
        watch = Watch(reporter, scoring_uri(port), replaces=status["revision"])
        question = {"do": "update", "spec": spec.to_dict()}
        within_s = release.ready_within_s + spec.drain_s + _SILENCE_ALLOWED_S
        try:
            answer = place.ask(question, within_s=within_s, on_record=watch)
        except MasterGone as error:
            crash = Crash(
                code="supervisor-gone", engine=f"The supervisor went away during the update: {error}"
            )
            raise StartFailed(service=release.service, crash=crash) from error
        return read_running(_checked(release, answer))

    def _launch(
        self, place: Place, release: Release, environment: ReadyEnvironment, ring: str, reporter: Reporter
    ) -> Running:
        before = place.remembered()
        self._stop_processes(place, drain_s=_STOP_DRAIN_S)
        place.make()
        listener = self._listen(release, before)
        port = listener.getsockname()[1]
        try:
            nonce = secrets.token_hex(16)
            spec = render_spec(release, environment=environment, ring=ring, nonce=nonce, host=HOST, port=port)
            generation = before.generation + 1 if before else 1
            with listener:
                self._begin(place, ServiceSpec(place.service, nonce, HOST, port, generation, spec), listener)
            watch = Watch(reporter, scoring_uri(port), replaces=None)
            return read_running(_checked(release, self._await_first(place, spec, watch)))
        except BaseException:
            self._undo_launch(place, before)
            raise

    def _listen(self, release: Release, before: ServiceSpec | None) -> socket.socket:
        """The port asked for, else the one the service had, else a free one."""
        try:
            return open_port(HOST, release.port or (before.port if before else 0))
        except (PortTaken, PortForbidden) as error:
            crash = Crash(code=error.code, engine=error.problem.rstrip("."))
            raise StartFailed(service=release.service, crash=crash) from error

    def _begin(self, place: Place, service: ServiceSpec, listener: socket.socket) -> None:
        save_service(str(place.folder), service)
        try:
            launch_master(sys.executable, service.current.ring, str(place.folder), [listener])
        except LaunchFailed as error:
            crash = Crash(code="engine", engine=f"The supervisor did not start: {error}")
            raise StartFailed(service=service.name, crash=crash) from error

    def _await_first(self, place: Place, spec: GenerationSpec, watch: Watch) -> dict[str, Any]:
        within_s = spec.ready_within_s + _SILENCE_ALLOWED_S
        try:
            return place.ask({"do": "wait"}, within_s=within_s, on_record=watch)
        except MasterGone as error:
            crash = Crash(
                code="supervisor-gone", engine=f"The supervisor went away during the start: {error}"
            )
            raise StartFailed(service=place.service, crash=crash) from error

    def _undo_launch(self, place: Place, before: ServiceSpec | None) -> None:
        """Nothing served: nothing runs afterwards. What was there to be started again still is."""
        self._stop_processes(place, drain_s=0.0)
        place.forget_all_but_logs()
        if before:
            save_service(str(place.folder), before)

    # ---- ending -------------------------------------------------------------------------------------------------

    def _stop_processes(self, place: Place, *, drain_s: float) -> None:
        """In order if the supervisor still listens, by force otherwise."""
        master = place.master()
        if place.status():
            with contextlib.suppress(MasterGone):
                place.ask({"do": "stop", "drain_s": drain_s}, within_s=_STOP_WITHIN_S)
            self._await_end(master)
        self._end(place)

    def _await_end(self, master: MasterIdentity | None) -> None:
        give_up = time.monotonic() + _MASTER_END_WITHIN_S
        while master and master.is_running and time.monotonic() < give_up:
            time.sleep(0.005)

    def _end(self, place: Place) -> None:
        """By force: the supervisor first, so that it starts nothing anew."""
        master, remembered = place.master(), place.remembered()
        if master and master.is_running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(master.pid, 9)
        for nonce in {each.nonce for each in (master, remembered) if each}:
            end_processes(nonce)


def _can_update(status: dict[str, Any], release: Release) -> bool:
    """Whether this supervisor can take the release: it serves, speaks our language and has the right port."""
    has_port = release.port in (None, 0, status["port"])
    return status["revision"] is not None and status["protocol"] == PROTOCOL and has_port


def _checked(release: Release, answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("ok"):
        return answer
    facts: dict[str, Any] = answer.get("failure") or {
        "engine": f"The supervisor refused: {answer.get('error')}"
    }
    raise StartFailed(service=release.service, crash=read_crash(facts))
