"""A JupyterLab of the tests' own, and Chromium to look at it; pictures and benchmarks use them, too."""

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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOKEN = "t"
CHROMIUM = os.environ.get("MOORING_TEST_CHROMIUM") or shutil.which("chromium") or ""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PATIENCE_MS = 120_000
_COMPLAINTS = re.compile("Server Connection Error|Error Loading Theme|Failed to load")


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
                    "--JupyterNotebookApp.expose_app_in_browser=True",
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
            os.killpg(self.process.pid, signal.SIGKILL)
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


def be_patient(page: Any) -> None:
    """Wait long for everything, and close Lab's own complaints about a server that is slow to answer."""
    page.set_default_timeout(PATIENCE_MS)
    complaint = page.locator(".jp-Dialog", has_text=_COMPLAINTS)
    page.add_locator_handler(complaint, lambda dialog: dialog.get_by_role("button").last.click())


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
