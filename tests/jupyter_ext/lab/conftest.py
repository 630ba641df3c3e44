"""A real JupyterLab in a real Chromium, driven as a person would; where there is none, the tests skip (and fail under CI)."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

TOKEN = "harbour"
CHROMIUM = os.environ.get("MOORING_TEST_CHROMIUM") or "/usr/bin/chromium"
_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
_COMPLAINTS = re.compile("Server Connection Error|Error Loading Theme|Failed to load")
_PATIENCE_MS = 120_000


@dataclass
class Lab:
    """A JupyterLab of the tests' own.

    Attributes:
        work: The folder that its file browser shows.
        home: Its MOORING_HOME.
        base: Its base URL.
    """

    root: Path
    work: Path
    home: Path
    base: str = "/"
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base}"

    def start(self) -> None:
        self.port = self.port or _free_port()
        with (self.root / "lab.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "jupyterlab",
                    "--no-browser",
                    "--allow-root",
                    "--ServerApp.ip=127.0.0.1",
                    f"--ServerApp.port={self.port}",
                    "--ServerApp.port_retries=0",
                    f"--ServerApp.base_url={self.base}",
                    f"--IdentityProvider.token={TOKEN}",
                    f"--ServerApp.root_dir={self.work}",
                    "--LabApp.news_url=None",
                    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
                    "--LabApp.expose_app_in_browser=True",
                ],
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.work,
                start_new_session=True,
            )
        _wait_until_up(self.url, self.process, self.root / "lab.log")

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def set_setting(self, name: str, value: Any) -> None:
        """As the Settings Editor would; read when a page opens."""
        folder = self.root / "jupyterlab_settings_dir" / "@mooring" / "jupyterlab"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "plugin.jupyterlab-settings").write_text(json.dumps({name: value}))

    def _environment(self) -> dict[str, str]:
        """Every folder of Jupyter's is the test's own: settings and workspaces of a person must not leak in."""
        environment = {**os.environ, "MOORING_HOME": str(self.home)}
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
            "IPYTHONDIR",
        ):
            folder = self.root / name.lower()
            folder.mkdir(exist_ok=True)
            environment[name] = str(folder)
        settings = self.root / "jupyterlab_settings_dir" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "notification.jupyterlab-settings").write_text(
            '{"fetchNews": "false", "checkForUpdates": false}'
        )
        return environment


@pytest.fixture(scope="session")
def running_lab(panel: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab under a base URL; one for all tests, which takes a test's time only once."""
    root = tmp_path_factory.mktemp("lab")
    for name in ("work", "home"):
        (root / name).mkdir()
    made = Lab(root, root / "work", root / "home", base="/user/anna/")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def lab(running_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """The same with an empty folder and a workspace of the test's own, which is this process's, too."""
    from mooring.workspace import Workspace

    monkeypatch.setenv("MOORING_HOME", str(running_lab.home))
    name = f"test-{len(Workspace.list())}"
    Workspace.create(name)
    monkeypatch.setenv("MOORING_WORKSPACE", name)
    running_lab.set_setting("workspace", name)
    yield running_lab
    with Workspace.open() as workspace:
        for service in workspace.services.list():
            workspace.services.delete(service.name)
    for path in running_lab.work.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture
def project(lab):
    """A model file and its script, as a data scientist has them."""
    from .actions import SCRIPT

    (lab.work / "ridge.pkl").write_bytes(b"a model")
    (lab.work / "score.py").write_text(SCRIPT)
    (lab.work / "sample.json").write_text(json.dumps({"data": [[1, 2], [3, 4]]}))
    return lab.work


@pytest.fixture
def deployed(lab, project):
    """The desk of a workspace in which `scorer` runs `ridge:1`, with keys."""
    from mooring.configs import InferenceConfig, ProcessDeploymentConfig
    from mooring.workspace import Workspace

    with Workspace.open() as workspace:
        workspace.models.register(project / "ridge.pkl", "ridge", tags={"area": "health"})
        inference = InferenceConfig(entry_script=str(project / "score.py"))
        workspace.services.deploy(
            "scorer", ["ridge:1"], inference, ProcessDeploymentConfig(auth_enabled=True)
        )
        yield workspace.services


@pytest.fixture(scope="module")  # while Playwright runs, no test of asyncio can
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all tests."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        _skip(f"no Chromium at {CHROMIUM}; MOORING_TEST_CHROMIUM names another")
    playwright.expect.set_options(timeout=_PATIENCE_MS)
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Any, lab: Lab) -> Iterator[Any]:
    """`tab()` opens JupyterLab in a tab of one person's browser, and gives the page once Lab is ready."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])

    def open_tab(query: str = "", workspace: str = "") -> Any:
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.faults = []
        # Lab's own complaints about a server that is slow to answer, on a machine that has more to do
        complaint = page.locator(".jp-Dialog", has_text=_COMPLAINTS)
        page.add_locator_handler(complaint, lambda dialog: dialog.get_by_role("button").last.click())
        page.command = partial(command, page)
        page.wait_ready = partial(wait_ready, page)
        page.on("pageerror", lambda error: page.faults.append(f"{error}\n{error.stack}"))
        place = f"lab/workspaces/{workspace}" if workspace else "lab"
        page.goto(f"{lab.url}{place}?token={TOKEN}{query}")
        wait_ready(page)
        return page

    yield open_tab
    faults = [fault for page in context.pages for fault in page.faults if is_ours(fault)]
    context.close()
    assert faults == []


def is_ours(fault: str) -> bool:
    """A request of Lab's own that a slow server breaks off, or that a reload does, is no fault of the panel."""
    return "Failed to fetch" not in fault or "@mooring/jupyterlab" in fault


def wait_ready(page: Any) -> None:
    """Lab's splash is gone and its commands are there."""
    page.wait_for_function("() => window.jupyterapp?.commands.hasCommand('mooring:show-panel')")
    page.evaluate("() => window.jupyterapp.restored")
    page.wait_for_selector("#jupyterlab-splash", state="detached")


def command(page: Any, which: str, /, **arguments: Any) -> None:
    """Run a command as the palette would."""
    page.evaluate(
        "([name, given]) => void window.jupyterapp.commands.execute(name, given)", [which, arguments]
    )


def _skip(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    request = urllib.request.Request(f"{url}api/status", headers={"Authorization": f"token {TOKEN}"})
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=2) as answer:
            json.load(answer)
            return
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
