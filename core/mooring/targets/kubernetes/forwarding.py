"""A port of this machine that leads to a service through the API server, when the cluster exposes nothing.

`python -m mooring.targets.kubernetes.forwarding SERVICE_FOLDER` is the process behind it; it lives until the service
is stopped here, and is started again by whoever finds it gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from mooring.deployments.ownership import process_started
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.judging import is_ready, name_of
from mooring.targets.kubernetes.kinds import POD
from mooring.targets.kubernetes.place import APP, ROLE, KubernetesPlace

_FILE = "forward.json"
_PORT = 5001
_CHUNK = 64 * 1024
_UP_WITHIN_S = 15.0


class Forward:
    """The forward of one service.

    Args:
        place: Of the service.
        role: Of the pods it leads to: those that score, or an endpoint's routers.
    """

    def __init__(self, place: KubernetesPlace, role: str = APP) -> None:
        self._place = place
        self._role = role
        self._path = place.folder / _FILE

    def ensure(self) -> str:
        """Its address; started when it is not there, on the port it had before.

        Raises:
            KubernetesTrouble: It does not come up.
        """
        known = self._known()
        if known and process_started(int(known["pid"])) == known["started"] != "":
            return _base(known["port"], self._place)
        port = int(known["port"]) if known else _free_port()
        self._start(port)
        return _base(port, self._place)

    def stop(self) -> None:
        """End it; nothing happens when it is not there."""
        known = self._known()
        if known and process_started(int(known["pid"])) == known["started"] != "":
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(known["pid"]), signal.SIGTERM)
        self._path.unlink(missing_ok=True)

    @property
    def is_wanted(self) -> bool:
        """Whether the service was ever reached by a forward from here."""
        return self._path.exists()

    def _known(self) -> dict[str, Any] | None:
        try:
            known: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return known

    def _start(self, port: int) -> None:
        compute = self._place.compute
        order = {
            "context": compute.context,
            "kubeconfig": compute.kubeconfig,
            "namespace": self._place.namespace,
            "labels": {**self._place.labels, ROLE: self._role},
            "port": port,
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        log = (self._path.with_suffix(".log")).open("w", encoding="utf-8")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "mooring.targets.kubernetes.forwarding", json.dumps(order)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        facts = {"pid": process.pid, "started": process_started(process.pid), "port": port}
        self._path.write_text(json.dumps(facts), encoding="utf-8")
        give_up = time.monotonic() + _UP_WITHIN_S
        while time.monotonic() < give_up:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    process.returncode = 0  # it outlives us, and nobody waits for it
                    return
            if process.poll() is not None:
                break
            time.sleep(0.05)
        said = self._path.with_suffix(".log").read_text(encoding="utf-8", errors="replace").strip()
        last = said.splitlines()[-1] if said else "it says nothing"
        raise KubernetesTrouble(
            f"The forward to {self._place.service} on port {port} does not come up: {last}.",
            "Expose services instead: mooring computetarget update -n NAME --expose node-port.",
        )


def _base(port: int, place: KubernetesPlace) -> str:
    return f"{'https' if place.compute.pods_answer_https else 'http'}://127.0.0.1:{port}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Forwarder:
    """Listens, and gives each connection a stream of its own to a pod that is ready."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._cluster = Cluster(order["context"], order["kubeconfig"])
        self._namespace = str(order["namespace"])
        self._labels: dict[str, str] = order["labels"]
        self._port = int(order["port"])
        self._turn = 0

    def run(self) -> None:
        """Serve until ended."""
        listener = socket.create_server(("127.0.0.1", self._port))
        while True:
            client, _ = listener.accept()
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                pod = self._choose()
                if pod is None:
                    return
                remote = self._connect(pod)
            except Exception as error:  # noqa: BLE001 - one connection's trouble; the next may go well
                sys.stderr.write(f"{type(error).__name__}: {error}\n")
                return
            with contextlib.closing(remote):
                back = threading.Thread(target=_copy, args=(remote, client), daemon=True)
                back.start()
                _copy(client, remote)
                back.join(timeout=60)

    def _choose(self) -> str | None:
        pods = [
            name_of(pod)
            for pod in self._cluster.items(POD, self._namespace, labels=self._labels)
            if is_ready(pod)
        ]
        self._turn += 1
        return pods[self._turn % len(pods)] if pods else None

    def _connect(self, pod: str) -> Any:
        from kubernetes import client, stream

        api = client.CoreV1Api(client.ApiClient(self._cluster.client.configuration))
        opened = stream.portforward(
            api.connect_get_namespaced_pod_portforward, pod, self._namespace, ports=str(_PORT)
        )
        remote = opened.socket(_PORT)
        remote.setblocking(True)
        return remote


def _copy(source: Any, sink: Any) -> None:
    with contextlib.suppress(OSError):
        while True:
            data = source.recv(_CHUNK)
            if not data:
                break
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    _Forwarder(json.loads(sys.argv[1])).run()
