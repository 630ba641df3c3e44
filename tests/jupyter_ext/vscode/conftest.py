"""Widgets in a notebook of a real VS Code: code-server in Chromium, and a kernel of a real Jupyter server.

The Jupyter extension, which VS Code's users have, is in a marketplace that tests don't reach. A small extension stands
for it: it runs cells, and shows widgets with the extension's own manager, `@vscode/jupyter-ipywidgets8`, as published.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from tests.jupyter_ext.browser.conftest import lab, pictures
from tests.jupyter_ext.conftest import NODE
from tests.jupyter_ext.running_lab import TOKEN, Lab
from tests.lsp.vscode.conftest import browser, needed
from tests.lsp.vscode.running import CodeServer, running_editor

from .notebook_window import NotebookWindow

__all__ = ["browser", "lab", "pictures"]  # fixtures

EXTENSION = Path(__file__).parent / "extension"
DIST = EXTENSION / "dist"
ANYWIDGET = Path(sys.prefix, "share", "jupyter", "nbextensions", "anywidget", "index.js")
HEIGHT = 2400
"""So that all cells are in sight: VS Code draws no other."""


@pytest.fixture(scope="session")
def vsix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension, with the manager of widgets and what anywidget brings for one."""
    needed("MOORING_TEST_CODE_SERVER", "VS Code (code-server)")
    with FileLock(Path(sys.prefix) / "mooring-widgets-in-vscode.lock"):
        if not _is_built():
            _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
            _npm("run", "--silent", "build")
        packed = tmp_path_factory.mktemp("vsix") / "widgets.vsix"
        with zipfile.ZipFile(packed, "w") as archive:
            for file in (*EXTENSION.glob("*.js"), EXTENSION / "package.json", *DIST.glob("*.js")):
                archive.write(file, Path("extension", file.relative_to(EXTENSION)))
            archive.write(ANYWIDGET, "extension/dist/anywidget.js")
    return packed


def _is_built() -> bool:
    built = DIST / "renderer.js"
    sources = (EXTENSION / name for name in ("renderer.js", "package.json", "package-lock.json"))
    return built.exists() and built.stat().st_mtime >= max(source.stat().st_mtime for source in sources)


def _npm(*words: str) -> None:
    path = os.pathsep.join([NODE, os.environ["PATH"]])
    npm = shutil.which("npm", path=path)
    if npm is None:
        pytest.fail("no npm") if os.environ.get("CI") else pytest.skip("no npm")
    subprocess.run([npm, *words], cwd=EXTENSION, env={**os.environ, "PATH": path}, check=True)


@pytest.fixture(scope="session")
def code_server(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeServer]:
    """An editor with that extension and nothing else."""
    command = needed("MOORING_TEST_CODE_SERVER", "VS Code (code-server)")
    with running_editor(command, vsix, tmp_path_factory.mktemp("editor")) as found:
        yield found


@pytest.fixture
def folder(lab: Lab, request: pytest.FixtureRequest) -> Path:
    """A folder of the Jupyter server's, open in the editor."""
    name = re.sub(r"\W", "-", request.node.name)
    place = Path(tempfile.mkdtemp(prefix=f"vscode-{name}-", dir=lab.work))
    (place / ".vscode").mkdir()
    settings = {"mooringTests.server": f"{lab.url}?token={TOKEN}", "mooringTests.root": str(lab.work)}
    (place / ".vscode" / "settings.json").write_text(json.dumps(settings))
    return place


@pytest.fixture
def window(code_server: CodeServer, browser: Any, folder: Path) -> Iterator[NotebookWindow]:
    """The folder's window."""
    page = browser.new_page()
    page.set_viewport_size({"width": 1400, "height": HEIGHT})
    page.set_default_timeout(60_000)
    yield NotebookWindow(page, code_server.url, folder)
    page.close()
