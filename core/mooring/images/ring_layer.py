"""The scoring server as a layer, compiled by the image's own interpreter.

Nothing could be kept for the next start in a container that may not write.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast

from mooring.engine import Engine
from mooring.images.archive import ParentImage
from mooring.images.context import ring_files
from mooring.images.installing import RING_DIR
from mooring.images.labels import build_labels
from mooring.images.layers import Layer, rewrite_layer, write_layer
from mooring.images.packages import Pieces
from mooring.settings import Settings

_ABOUT = "mooring: scoring server"


def make_ring_layer(
    engine: Engine, settings: Settings, packages: ParentImage, python: str, ring: Path, folder: Path
) -> Layer:
    """A layer with the ring.

    Args:
        engine: Runs the interpreter.
        settings: For labels.
        packages: Image with the interpreter.
        python: The interpreter in it.
        ring: On this machine.
        folder: For the layer's archive.

    Raises:
        DockerTrouble: The engine refuses. An interpreter that can't compile is found out when the service starts.
    """
    plain = write_layer(ring_files(ring, RING_DIR.strip("/")), folder / "ring.tar", _ABOUT)
    api = engine.api
    with engine.told(packages.id):
        container: str = api.create_container(
            packages.id,
            entrypoint=[
                python,
                "-S",
                "-E",
                "-s",
                "-m",
                "compileall",
                "-q",
                "--invalidation-mode",
                "unchecked-hash",
            ],
            command=[RING_DIR],
            user="0",
            environment={"PYTHONHASHSEED": "0"},
            host_config=api.create_host_config(network_mode="none"),
            labels=build_labels(settings),
        )["Id"]
        try:
            with plain.path.open("rb") as content:
                api.put_archive(container, "/", content)
            api.start(container)
            if api.wait(container)["StatusCode"] != 0:
                return plain
            pieces, _ = api.get_archive(container, RING_DIR, chunk_size=1024 * 1024)
            top = RING_DIR.strip("/").rpartition("/")[0]
            return rewrite_layer(cast("BinaryIO", Pieces(pieces)), top, folder / "compiled.tar", _ABOUT)
        finally:
            api.remove_container(container, force=True, v=True)
