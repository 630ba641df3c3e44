"""Real JupyterLab and Notebook 7 in Chromium, driven as a person would: cells that run, buttons that are pressed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .notebook import Notebook

CHROMIUM = os.environ.get("MOORING_TEST_CHROMIUM") or shutil.which("chromium") or ""
_COMPLAINTS = re.compile("Server Connection Error|Error Loading Theme|Failed to load")
_PATIENCE_MS = 120_000
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
_FOLDERS = (
    "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is in this folder needs Chromium; where there is none it is skipped, except where it has to be there."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(600))
            if not CHROMIUM and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    folder: Path
    log: Path


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab with settings, kernels and folders of its own."""
    root = tmp_path_factory.mktemp("lab")
    work = root / "work"
    work.mkdir()
    folders = {name: root / name.lower() for name in _FOLDERS}
    for folder in folders.values():
        folder.mkdir()
    apputils = folders["JUPYTERLAB_SETTINGS_DIR"] / "@jupyterlab" / "apputils-extension"
    apputils.mkdir(parents=True)
    (apputils / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}'
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = root / "lab.log"
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=t",
        f"--ServerApp.root_dir={work}", "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.expose_app_in_browser=True",
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ]  # fmt: skip
    environment = {**os.environ, **{name: str(folder) for name, folder in folders.items()}}
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, env=environment, stdout=out, stderr=out, cwd=work, start_new_session=True
        )
    url = f"http://127.0.0.1:{port}"
    _await(url, server, log)
    yield Lab(url, work, log)
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _await(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while not _answers(url):
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/status?token=t", timeout=2):
            return True
    except OSError:
        return False


@pytest.fixture(scope="module")  # while Playwright runs, no test of asyncio can
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium."""
    from playwright.sync_api import expect, sync_playwright

    assert CHROMIUM, "Chromium is missing: apt-get install chromium"
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")),
            executable_path=CHROMIUM,
            headless=True,
            args=_FLAGS,
            viewport={"width": 1300, "height": 900},
            permissions=["clipboard-read", "clipboard-write"],
        )
        yield context
        context.close()


@pytest.fixture
def notebook(lab: Lab, browser: Any, home: Path, request: pytest.FixtureRequest) -> Iterator[Notebook]:
    """An empty notebook in a folder of its own, with a kernel that uses this test's home; in Lab, unless `in_both`."""
    view = getattr(request, "param", "lab/tree")
    if view == "notebooks" and not os.environ.get("CI"):
        pytest.importorskip("notebook", reason="Notebook 7 is not installed")
    name = re.sub(r"\W", "-", f"{request.node.module.__name__.split('.')[-1]}-{request.node.name}")
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=lab.folder))
    page = browser.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    # the front end's own complaints about a server that is slow to answer, on a machine that has more to do
    complaint = page.locator(".jp-Dialog", has_text=_COMPLAINTS)
    page.add_locator_handler(complaint, lambda dialog: dialog.get_by_role("button").last.click())
    opened = Notebook(page, lab.url, folder, view=view, place=folder.relative_to(lab.folder))
    opened.start(home)
    yield opened
    opened.shut_down()
    page.close()


@pytest.fixture
def pictures() -> Path | None:
    """Where to keep pictures for the documentation; None unless asked for with MOORING_TEST_PICTURES."""
    wanted = os.environ.get("MOORING_TEST_PICTURES")
    return Path(wanted) if wanted else None
