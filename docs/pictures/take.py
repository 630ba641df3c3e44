"""Takes the pictures of docs/notebook.md: `poe pictures`. Needs Chromium and the built panel (poe panel)."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/jupyter_ext"))

from running_lab import CHROMIUM, FLAGS, TOKEN, Lab, command, wait_ready

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Deploy the demo with the panel, and look at it from several sides."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder), Path(folder, "work"), Path(folder, "home"))
        lab.work.mkdir()
        os.environ["MOORING_HOME"] = str(lab.home)
        lab.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page = browser.new_context(viewport={"width": 1180, "height": 640}).new_page()
            page.set_default_timeout(120_000)
            page.goto(f"{lab.url}lab?token={TOKEN}")
            wait_ready(page)
            take_all(page, lab)
        finally:
            browser.close()
            lab.stop()
            delete_services()


def take_all(page, lab: Lab) -> None:
    command(page, "mooring:show-panel", tab="endpoints")
    page.get_by_role("button", name="Deploy the demo model").first.click()
    page.wait_for_selector(".mooring-Row .mooring-mod-healthy")
    page.evaluate("() => document.querySelectorAll('.Toastify__toast').forEach(each => each.remove())")
    command(page, "mooring:open-service", name="demo", tab="test")
    document = page.locator(".mooring-Document:visible")
    document.get_by_role("button", name="Test", exact=True).click()
    page.wait_for_selector("[data-answer]")
    take(page, "test")
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", "JupyterLab Dark"
    )
    command(page, "mooring:open-service", name="demo", tab="logs")
    page.wait_for_selector(".mooring-Line")
    take(page, "logs")
    (lab.work / "mooring-demo" / "score.py").write_text(
        (lab.work / "mooring-demo" / "score.py").read_text().replace("ridge.pkl", "model.pkl")
    )
    command(page, "mooring:deploy", path="mooring-demo/score.py")
    page.locator(".mooring-Plan p").first.wait_for()
    page.locator(".mooring-Document:visible").get_by_role("button", name="Update", exact=True).click()
    page.locator(".mooring-Document:visible .mooring-Excerpt").first.wait_for()
    page.evaluate("() => document.querySelectorAll('.Toastify__toast').forEach(each => each.remove())")
    take(page, "failure")


def take(page, name: str) -> None:
    page.mouse.move(600, 630)
    page.wait_for_timeout(800)
    page.screenshot(path=HERE / f"{name}.png")


def delete_services() -> None:
    from mooring.workspace import Workspace

    with Workspace.open() as workspace:
        for service in workspace.services.list():
            workspace.services.delete(service.name)


if __name__ == "__main__":
    main()
