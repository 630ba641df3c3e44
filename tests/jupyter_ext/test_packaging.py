"""What a `pip install` brings: the panel and the server extension, enabled, with no further step."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from mooring_jupyter.typescript import render_types

ROOT = Path(__file__).resolve().parents[2]
NODE = os.environ.get("MOORING_TEST_NODE24") or str(Path.home() / ".cache/mooring-tools/editors/bin")
PANEL = "share/jupyter/labextensions/@mooring/jupyterlab"
LARGEST_BUNDLE = 300_000  # bytes


def test_the_panels_types_are_those_of_the_interface():
    """`poe panel-types` writes them."""
    assert (ROOT / "jupyter_ext/labextension/src/api/types.ts").read_text() == render_types()


def test_versions_agree():
    import mooring

    told = json.loads((ROOT / "jupyter_ext/labextension/package.json").read_text())["version"]

    assert told == mooring.__version__


def test_the_lock_file_names_no_registry():
    assert '"resolved"' not in (ROOT / "jupyter_ext/labextension/package-lock.json").read_text()


@pytest.fixture(scope="module")
def node(missing):
    if not (Path(NODE) / "npm").exists() and shutil.which("npm") is None:
        missing(f"Node, at {NODE} or where MOORING_TEST_NODE24 says")
    return {**os.environ, "PATH": os.pathsep.join([NODE, os.environ["PATH"]])}


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The tree as git has it, with the npm packages that are here already: they take a minute to fetch."""
    folder = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    modules = ROOT / "jupyter_ext/labextension/node_modules"
    if modules.is_dir():
        (folder / "jupyter_ext/labextension/node_modules").symlink_to(modules)
    return folder


@pytest.fixture(scope="module")
def built(clone, node, tmp_path_factory):
    """An sdist from the clone, and a wheel from that sdist, which has no Node and no npm packages."""
    target = tmp_path_factory.mktemp("dist")
    _build(clone, "--sdist", target, node)
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(next(target.glob("*.tar.gz"))) as archive:
        archive.extractall(unpacked, filter="data")
    without_node = {**os.environ, "PATH": os.pathsep.join(["/usr/bin", "/bin"])}
    _build(next(unpacked.iterdir()), "--wheel", target, without_node)
    return target


def _build(source, what, target, environment):
    done = subprocess.run(
        [sys.executable, "-m", "build", "--installer", "uv", what, "--outdir", str(target), str(source)],
        env={**environment, "PATH": os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.network
@pytest.mark.timeout(400)
def test_a_wheel_holds_the_panel_and_enables_both_extensions(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = wheel.namelist()
        panel = [info for info in wheel.infolist() if f"/data/{PANEL}/" in info.filename]
        enabled = next(
            name for name in names if name.endswith("etc/jupyter/jupyter_server_config.d/mooring.json")
        )
        told = json.loads(wheel.read(enabled))

    files = {info.filename.partition(PANEL)[2]: info.file_size for info in panel}
    assert "/package.json" in files
    assert any(name.startswith("/static/remoteEntry.") for name in files)
    assert sum(files.values()) <= LARGEST_BUNDLE
    assert told == {"ServerApp": {"jpserver_extensions": {"mooring_jupyter": True}}}
    assert not any("node_modules" in name or name.endswith(".ts") for name in names)


@pytest.mark.slow
@pytest.mark.network
@pytest.mark.timeout(900)
def test_once_installed_both_extensions_are_enabled(built, tmp_path):
    """In an environment of its own, with `pip install "mooring[jupyter]"` and no other step."""
    from uv import find_uv_bin

    place = tmp_path / "environment"
    wheel = next(built.glob("*.whl"))
    subprocess.run([find_uv_bin(), "venv", "--quiet", "--python", sys.executable, place], check=True)
    python = place / "bin" / "python"
    subprocess.run(
        [
            find_uv_bin(),
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            f"mooring[jupyter] @ {wheel.as_uri()}",
        ],
        check=True,
    )

    panel, server = _listed(python, "labextension"), _listed(python, "server", "extension")

    assert re.search(r"@mooring/jupyterlab v\S+ enabled +OK", panel)
    assert re.search(r"mooring_jupyter enabled", server)
    assert re.search(r"mooring_jupyter \S* ?OK", server)


def _listed(python, *what):
    """As a terminal shows it, without its colours; nothing of this machine's configuration is looked at."""
    own = {
        name: str(python.parent.parent / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")
    }
    done = subprocess.run(
        [python.parent / "jupyter", *what, "list"],
        env={"PATH": f"{python.parent}:/usr/bin:/bin", "HOME": str(python.parent.parent), **own},
        capture_output=True,
        text=True,
        check=True,
    )
    return re.sub(r"\x1b\[\d+m", "", done.stdout + done.stderr)
