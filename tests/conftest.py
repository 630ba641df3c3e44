"""What all tests share: a home of their own, so that nothing of the person who runs them is touched."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

_MOST_TEXT = 3000

# A machine that is busy is no fault: neither an example that takes long, nor data that are slow to draw. In CI the same
# examples are tried each time.
hypothesis.settings.register_profile(
    "patient",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("patient")

# A shell starts what runs in its background deaf to Ctrl-C, and children inherit that; ours are tested to hear it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh MOORING_HOME; services that a test leaves behind are stopped, and fail it."""
    folder = tmp_path_factory.mktemp("home", numbered=True)
    monkeypatch.setenv("MOORING_HOME", str(folder))
    for name in (
        "MOORING_WORKSPACE",
        "MOORING_DATABASE_URL",
        "MOORING_ARTIFACT_URL",
        "MOORING_STRICT_ENVIRONMENTS",
        "MOORING_USE_CONDA",
    ):
        monkeypatch.delenv(name, raising=False)
    yield folder
    if (folder / "workspaces").exists():
        _stop_services()


@pytest.fixture(scope="session")
def missing() -> Callable[[str], None]:
    """Call it with what a test can't do without, when that is not there."""
    return _missing


def _missing(what: str) -> None:
    """Skip the test for want of something, unless this is CI."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI must have {what}")
    pytest.skip(f"no {what}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A test that fails in a browser tells what its pages showed, and where their pictures are."""
    report = yield
    if report.failed:
        arguments = getattr(item, "funcargs", {})
        for number, page in enumerate(_pages(arguments.get("browser") or arguments.get("chromium"))):
            report.sections.append(
                (f"page {page.url}", _shown(page, arguments["home"] / f"page{number}.png"))
            )
    return report


def _pages(browser: Any) -> list[Any]:
    """Of a context or of a whole browser of Playwright's."""
    contexts = getattr(browser, "contexts", [browser] if browser else [])
    return [page for context in contexts for page in context.pages if page.url != "about:blank"]


def _shown(page: Any, picture: Path) -> str:
    from playwright.sync_api import Error

    try:
        page.screenshot(path=picture, timeout=10_000)
        return f"{picture}\n{page.locator('body').inner_text(timeout=10_000)[-_MOST_TEXT:]}"
    except Error as error:
        return f"It could not be asked: {error.message}"


@pytest.fixture(autouse=True)
def import_names() -> Iterator[None]:
    """`azureml` means what it means in a fresh process, before each test and after it."""
    _forget_v1_names()
    yield
    _forget_v1_names()


@pytest.fixture
def v1_names(import_names: None) -> None:
    """`azureml` means ours during the test."""
    from mooring.azureml import switch_on

    switch_on()


def _forget_v1_names() -> None:
    sys.meta_path[:] = [f for f in sys.meta_path if not type(f).__module__.startswith("mooring.")]
    for name in list(sys.modules):
        if name.partition(".")[0] in {
            "azureml",
            "azure",
            "azureml_inference_server_http",
            "inference_schema",
        }:
            del sys.modules[name]


def _stop_services() -> None:
    from mooring.workspace import Workspace

    for name in Workspace.list():
        with Workspace.open(name) as workspace:
            for service in workspace.services.list():
                workspace.services.delete(service.name)
