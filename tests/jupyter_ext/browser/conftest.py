"""Real JupyterLab and Notebook 7 in Chromium, driven as a person would: cells that run, buttons that are pressed."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.jupyter_ext.running_lab import CHROMIUM, FLAGS, PATIENCE_MS, Lab, be_patient

from .notebook import Notebook


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is in this folder needs Chromium; where there is none it is skipped, except where it has to be there."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(600))
            if not CHROMIUM and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab with settings, kernels and folders of its own."""
    root = tmp_path_factory.mktemp("lab")
    for name in ("work", "home"):
        (root / name).mkdir()
    made = Lab(root, root / "work", root / "home")
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")  # while Playwright runs, no test of asyncio can
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium."""
    from playwright.sync_api import expect, sync_playwright

    assert CHROMIUM, "Chromium is missing: apt-get install chromium"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")),
            executable_path=CHROMIUM,
            headless=True,
            args=FLAGS,
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
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=lab.work))
    page = browser.new_page()
    be_patient(page)
    opened = Notebook(page, lab.url, folder, view=view, place=folder.relative_to(lab.work))
    opened.start(home)
    yield opened
    opened.shut_down()
    page.close()


@pytest.fixture
def pictures() -> Path | None:
    """Where to keep pictures for the documentation; None unless asked for with MOORING_TEST_PICTURES."""
    wanted = os.environ.get("MOORING_TEST_PICTURES")
    return Path(wanted) if wanted else None
