"""The packaged extension in a real VS Code: code-server, driven in Chromium. Without them the tests skip; in CI they fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from .running import CodeServer, running_editor

ROOT = Path(__file__).resolve().parents[3]
EXTENSION = ROOT / "lsp" / "vscode"
VSIX = EXTENSION / "dist" / "mooring.vsix"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def needed(variable: str, what: str) -> str:
    """The value of a variable that names one of the tools the tests drive."""
    value = os.environ.get(variable, "")
    if not value:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"CI must have {what}: {variable} is not set")
        pytest.skip(f"no {what}: {variable} is not set")
    return value


@pytest.fixture(scope="session")
def vsix() -> Path:
    """The extension, built once for all that ask."""
    needed("MOORING_TEST_CODE_SERVER", "VS Code (code-server)")
    VSIX.parent.mkdir(exist_ok=True)
    with FileLock(EXTENSION / ".build.lock"):
        if not VSIX.exists() or VSIX.stat().st_mtime < max(file.stat().st_mtime for file in _sources()):
            subprocess.run([sys.executable, str(EXTENSION / "build.py")], check=True)
    return VSIX


def _sources() -> Iterator[Path]:
    for part in ("src", "webview", "media", "language"):
        yield from (file for file in (EXTENSION / part).rglob("*") if file.is_file())
    generated = {"LICENSE", ".build.lock"}
    yield from (file for file in EXTENSION.iterdir() if file.is_file() and file.name not in generated)
    yield from (ROOT / "core" / "mooring" / "configs" / "schemas").iterdir()


@pytest.fixture(scope="session")
def code_server(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeServer]:
    """An editor with the extension and nothing else."""
    command = needed("MOORING_TEST_CODE_SERVER", "VS Code (code-server)")
    with running_editor(command, vsix, tmp_path_factory.mktemp("editor")) as found:
        yield found


@pytest.fixture(scope="module")  # while Playwright runs, no test of asyncio can
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium, with a profile of its own."""
    from playwright.sync_api import sync_playwright

    chromium = needed("MOORING_TEST_CHROMIUM", "Chromium")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")),
            executable_path=chromium,
            headless=True,
            args=CHROMIUM_FLAGS,
            viewport={"width": 1400, "height": 900},
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context
        context.close()


@pytest.fixture
def folder(tmp_path: Path, home: Path) -> Path:
    """A project whose editor uses the Python of the tests and the test's own home."""
    place = tmp_path / "project"
    (place / ".vscode").mkdir(parents=True)
    settings = {
        "mooring.server.interpreter": sys.executable,
        "mooring.server.environment": {"MOORING_HOME": str(home)},
    }
    (place / ".vscode" / "settings.json").write_text(json.dumps(settings))
    return place


@pytest.fixture
def open_window(
    code_server: CodeServer, browser: Any, folder: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Any]]:
    """Opens the folder, or what else is given; a picture is kept where MOORING_TEST_PICTURES says."""
    with windows(code_server.url, browser, request.node.name) as open_it:
        yield lambda place=folder: open_it(place)


@contextmanager
def windows(url: str, browser: Any, name: str) -> Iterator[Callable[[Path], Any]]:
    from .window import Window

    page = browser.new_page()
    page.set_default_timeout(60_000)
    opened: list[Window] = []

    def open_it(place: Path) -> Window:
        opened.append(Window(page, url, place))
        opened[0].open()
        return opened[0]

    try:
        yield open_it
    finally:
        pictures = os.environ.get("MOORING_TEST_PICTURES")
        if pictures and opened:
            opened[0].picture(Path(pictures) / f"{name}.png")
        page.close()
