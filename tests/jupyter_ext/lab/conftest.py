"""A real JupyterLab in a real Chromium, driven as a person would; where there is none, the tests skip (and fail under CI)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from tests.jupyter_ext.running_lab import (
    CHROMIUM,
    FLAGS,
    PATIENCE_MS,
    TOKEN,
    Lab,
    be_patient,
    command,
    wait_ready,
)


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
def chromium(missing: Callable[[str], None]) -> Iterator[Any]:
    """One browser for all tests."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        missing("Chromium: MOORING_TEST_CHROMIUM is not set")
    playwright.expect.set_options(timeout=PATIENCE_MS)
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Any, lab: Lab) -> Iterator[Any]:
    """`tab()` opens JupyterLab in a tab of one person's browser, and gives the page once Lab is ready."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])

    def open_tab(query: str = "", workspace: str = "") -> Any:
        page = context.new_page()
        be_patient(page)
        page.faults = []
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
