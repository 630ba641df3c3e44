"""What a person does in JupyterLab with the panel; and the script they deploy."""

from __future__ import annotations

SCRIPT = """import json


def init():
    print("loading")


def run(data):
    rows = json.loads(data)["data"]
    print("asked for", len(rows))
    return [round(sum(row), 2) for row in rows]
"""


def in_browser(page, name):
    return page.locator(".jp-DirListing-item", has_text=name)


def from_menu(page, file, entry):
    """What a right click on a file offers."""
    page.command("filebrowser:activate")
    in_browser(page, file).click(button="right")
    page.get_by_role("menuitem", name=entry).click()


def register(page, file="ridge.pkl", tags=""):
    from_menu(page, file, "Register as a Model…")
    if tags:
        page.locator(".jp-Dialog").get_by_label("Tags").fill(tags)
    page.locator(".jp-Dialog").get_by_role("button", name="Register").click()


def panel_tab(page, name):
    page.command("mooring:show-panel")
    page.locator(".mooring-Panel").get_by_role("tab", name=name).click()
    return page.locator(".mooring-Panel")


def document_tab(page, name):
    page.locator(".mooring-Document:visible").get_by_role("tab", name=name, exact=True).click()
    return page.locator(".mooring-Document:visible")


def deploy(page, script="score.py", name="scorer"):
    from_menu(page, script, "Deploy This Model…")
    form = page.locator(".mooring-Document:visible")
    form.get_by_label("Name of the service").fill(name)
    form.get_by_role("button", name="Deploy", exact=True).click()
    return form
