"""A base image with a Python that distributions no longer have, made of one that this machine has."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

from mooring.engine import Engine
from mooring.environments.pythons import find_python
from mooring.images.archive import ImageChange
from mooring.images.assembling import assemble, scratch
from mooring.images.layers import LayerFile, write_layer
from mooring.images.parents import find_parent

_UNUSED = {"__pycache__", "test", "tests", "site-packages", "idlelib", "tkinter", "ensurepip"}


def make_base_image(engine: Engine, minor: str, base: str, tag: str) -> bool:
    """Whether there is an image now that adds a Python to a base image, at /usr/local as `python:3.8-slim` has it.

    Args:
        engine: Gets it.
        minor: `3.8`.
        base: Image of a distribution that runs what this machine does.
        tag: Of the image, which comes out the same each time.
    """
    python, parent = find_python(minor), find_parent(engine, base)
    if python is None or parent is None:
        return False
    words = [str(python), "-c", "import sys; print(sys.base_prefix)"]
    prefix = Path(subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip())
    with scratch() as folder:
        layer = write_layer(_files(prefix, minor), folder / "python.tar", f"python {minor}")
        assemble(engine, parent, ImageChange([layer]), tag)
    return True


def _files(prefix: Path, minor: str) -> Iterator[LayerFile]:
    yield LayerFile(f"usr/local/bin/python{minor}", prefix / "bin" / f"python{minor}", is_executable=True)
    # Where the loader looks without being told to: nothing is run while the image is made.
    for library in (prefix / "lib").glob(f"libpython{minor}.so.*"):
        yield LayerFile(f"usr/lib/{platform.machine()}-linux-gnu/{library.name}", library)
    modules = prefix / "lib" / f"python{minor}"
    for path in modules.rglob("*"):
        within = path.relative_to(modules)
        if path.is_file() and not _UNUSED.intersection(within.parts) and "config-" not in within.parts[0]:
            yield LayerFile(f"usr/local/lib/python{minor}/{within.as_posix()}", path)
