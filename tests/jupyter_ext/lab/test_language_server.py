"""Findings in files and in cells that write files, shown by jupyterlab-lsp in a real JupyterLab."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from tests.jupyter_ext.running_lab import TOKEN, Lab, wait_ready

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(600)]

SCRIPT = """\
import json


def init():
    pass


def run(raw_data, more):
    return json.loads(raw_data)
"""
DEPLOYMENT = '{"computeType": "aks",\n"containerResourceRequirements": {"cpu": "many"}}'
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
SHOWN_MS = 120_000


@dataclass
class LabWithServers(Lab):
    """One that has jupyterlab-lsp, which the others are spared."""

    def _environment(self) -> dict[str, str]:
        return {**super()._environment(), "JUPYTER_PATH": str(self.root / "lsp" / "share" / "jupyter")}


@pytest.fixture(scope="module")
def lab_with_servers(
    panel: None, tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], None]
) -> Iterator[Lab]:
    from uv import find_uv_bin

    root = tmp_path_factory.mktemp("servers")
    command = [find_uv_bin(), "pip", "install", "--quiet", "--no-deps", "--target", str(root / "lsp")]
    if subprocess.run([*command, "jupyterlab-lsp>=5.1,<6"], check=False).returncode != 0:
        missing("jupyterlab-lsp")
    for name in ("work", "home"):
        (root / name).mkdir()
    made = LabWithServers(root, root / "work", root / "home")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def opened(lab_with_servers: Lab, chromium, request: pytest.FixtureRequest):
    """Opens a file of the folder as a person who double-clicks it; gives the page."""
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(SHOWN_MS)

    def open_it(name: str):
        page.goto(f"{lab_with_servers.url}lab/tree/{name}?token={TOKEN}&reset")
        wait_ready(page)
        return page

    yield open_it
    pictures = os.environ.get("MOORING_TEST_PICTURES")
    if pictures:
        page.screenshot(path=Path(pictures) / f"{request.node.name}.png")
    page.close()


def marks(page, within: str):
    return page.locator(f"{within} .cm-lintRange")


def test_a_script_is_marked_until_it_is_mended(lab_with_servers, opened):
    (lab_with_servers.work / "score.py").write_text(SCRIPT)
    page = opened("score.py")
    expect(marks(page, ".jp-FileEditor")).to_have_text("run", timeout=SHOWN_MS)

    page.locator(".jp-FileEditor .cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(SCRIPT.replace(", more", ""))

    expect(marks(page, ".jp-FileEditor")).to_have_count(0, timeout=SHOWN_MS)


def test_cells_that_write_files_are_marked_where_the_mistake_is(lab_with_servers, opened):
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": PYTHON})
    cells = ["x = 1", f"%%writefile score.py\n{SCRIPT}", f"%%deployment_config\n{DEPLOYMENT}", "y = x"]
    notebook.cells = [nbformat.v4.new_code_cell(each) for each in cells]
    nbformat.write(notebook, lab_with_servers.work / "train.ipynb")
    page = opened("train.ipynb")
    cell = page.locator(".jp-Notebook .jp-CodeCell")

    expect(cell.nth(1).locator(".cm-lintRange")).to_have_text("run", timeout=SHOWN_MS)
    expect(cell.nth(2).locator(".cm-lintRange")).to_have_text('"many"', timeout=SHOWN_MS)
    page.evaluate("() => void window.jupyterapp.commands.execute('lsp:show-diagnostics-panel')")
    panel = page.locator(".lsp-diagnostics-listing")
    expect(panel).to_contain_text(re.compile(r"run\(raw_data, more\) has several parameters"))

    cell.nth(1).locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(f"%%writefile score.py\n{SCRIPT.replace(', more', '')}")
    expect(panel).not_to_contain_text("several parameters", timeout=SHOWN_MS)
    expect(cell.nth(1).locator(".cm-lintRange")).to_have_count(0, timeout=SHOWN_MS)
    expect(cell.nth(2).locator(".cm-lintRange")).to_have_text('"many"', timeout=SHOWN_MS)
