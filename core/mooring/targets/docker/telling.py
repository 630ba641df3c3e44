"""What people and the desk are told about a container: phases while it comes up, its address afterwards."""

from __future__ import annotations

from typing import Any

from mooring.deployments.container_records import Record
from mooring.deployments.target import Reporter, Running
from mooring.engine import Engine
from mooring.settings import Settings

_EVERYWHERE_OR_HERE = ("127.0.0.1", "0.0.0.0", "::")  # noqa: S104 - names, nothing is bound here


class Watch:
    """Turns records of a container into phases.

    Args:
        reporter: Told.
        url: Where the service answers.
        container: Its name.
    """

    def __init__(self, reporter: Reporter, url: str, container: str) -> None:
        self._reporter = reporter
        self._url = url
        self._container = container
        self._has_started = False

    def __call__(self, record: Record) -> None:
        """Take one record."""
        event = record.get("event")
        if record["kind"] == "line":
            self._reporter.progress("init", record["text"])
        elif event == "worker-started" and not self._has_started:
            self._has_started = True
            text = f"container {self._container} for {self._url}"
            self._reporter.event("started", text, data={"container": self._container})
        elif event == "worker-loaded":
            seconds, memory = record.get("init_s") or 0.0, (record.get("rss_bytes") or 0) / 1e6
            facts = {name: record.get(name) for name in ("init_s", "rss_bytes", "is_warm")}
            self._reporter.event("init", f"loaded in {seconds:.1f} s, {memory:.0f} MB", data=facts)


def scheme_of(deployment: dict[str, Any]) -> str:
    """`https` when the deployment config switches TLS on."""
    return "https" if deployment.get("sslEnabled") else "http"


def reachable_host(engine: Engine, settings: Settings) -> str:
    """Name or address at which published ports are reached from here."""
    published = settings.docker_publish
    return engine.host if published in _EVERYWHERE_OR_HERE else published


def running_of(
    engine: Engine, settings: Settings, deployment: dict[str, Any], port: int | None, container: str
) -> Running:
    """The address of a service, at its front."""
    scheme = scheme_of(deployment)
    host = reachable_host(engine, settings)
    if scheme == "https" and deployment.get("cname"):
        host = str(deployment["cname"])
    base = f"{scheme}://{host}:{port}"
    details: dict[str, Any] = {"container": container[:12], "engine": engine.place}
    if deployment.get("dnsNameLabel"):
        details["fqdn"] = f"{str(deployment['dnsNameLabel']).lower()}.localhost"
    return Running(f"{base}/score", f"{base}/swagger.json", port, details)
