"""A code-server of its own for the tests: the extension installed, nothing of the person who runs them touched."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETTINGS: dict[str, Any] = {
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.enableExperiments": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.welcomePage.walkthroughs.openOnInstall": False,
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
    "extensions.ignoreRecommendations": True,
    "security.workspace.trust.startupPrompt": "never",
    "git.enabled": False,
    "files.autoSave": "off",
    "files.hotExit": "off",
    "window.dialogStyle": "custom",
    "window.restoreWindows": "none",
    "chat.disableAIFeatures": True,
    "remote.autoForwardPorts": False,
    "github.gitAuthentication": False,
}


@dataclass(frozen=True)
class CodeServer:
    """A running editor: its address, and the folder with its settings and logs."""

    url: str
    data: Path


@contextmanager
def running_editor(command: str, vsix: Path, folder: Path, *, trusts: bool = True) -> Iterator[CodeServer]:
    """VS Code with the extension and nothing else, until the block ends; it may ask whether to trust a folder."""
    data = folder / "data"
    (data / "User").mkdir(parents=True)
    (data / "User" / "settings.json").write_text(
        json.dumps({**SETTINGS, "security.workspace.trust.enabled": not trusts})
    )
    (folder / "config.yaml").write_text("auth: none\n")
    words = [*shlex.split(command), "--config", str(folder / "config.yaml")]
    words += ["--user-data-dir", str(data), "--extensions-dir", str(folder / "extensions")]
    environment = _environment(folder)
    subprocess.run(
        [*words, "--install-extension", str(vsix)], env=environment, check=True, capture_output=True
    )
    port = _free_port()
    log = folder / "code-server.log"
    with log.open("wb") as output:
        flags = ["--auth", "none", "--bind-addr", f"127.0.0.1:{port}", "--disable-telemetry"]
        flags += ["--disable-update-check", "--disable-getting-started-override"]
        flags += ["--disable-workspace-trust"] if trusts else []
        process = subprocess.Popen(
            [*words, *flags, "--ignore-last-opened"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_healthy(process, f"http://127.0.0.1:{port}", log)
        yield CodeServer(f"http://127.0.0.1:{port}", data)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _environment(folder: Path) -> dict[str, str]:
    """The editor's own folders; on the PATH uv, but not the Python environment that runs the tests."""
    from uv import find_uv_bin

    binaries = folder / "bin"
    binaries.mkdir()
    (binaries / "uv").symlink_to(find_uv_bin())
    path = [
        each for each in os.environ["PATH"].split(os.pathsep) if not (Path(each) / "mooring-lsp").exists()
    ]
    own = {f"XDG_{each}_HOME": str(folder / each.lower()) for each in ("DATA", "CONFIG", "STATE")}
    kept = {key: value for key, value in os.environ.items() if not key.startswith("VSCODE_")}
    # As if started from a shell: VS Code would ask a login shell for the environment. A wheel needs no panel here.
    flags = {"VSCODE_CLI": "1", "MOORING_WITHOUT_PANEL": "1"}
    return {**kept, **own, **flags, "PATH": os.pathsep.join([str(binaries), *path])}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while not _is_healthy(url):
        assert process.poll() is None, log.read_text(errors="replace")
        assert time.monotonic() < deadline, "code-server does not answer"
        time.sleep(0.1)


def _is_healthy(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/healthz", timeout=2).close()
    except OSError:
        return False
    return True
