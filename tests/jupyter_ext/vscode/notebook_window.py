"""A notebook in a window of VS Code, as the tests drive it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import FrameLocator, Locator, expect
from tests.lsp.vscode.window import Window, until

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
THEMES = {
    "Light 2026": "vscode-light",
    "Dark 2026": "vscode-dark",
    "Default High Contrast": "vscode-high-contrast",
    "Default High Contrast Light": "vscode-high-contrast-light",
}
"""Themes, and the class that VS Code gives to the body of a page."""


class NotebookWindow(Window):
    """One folder with one notebook."""

    @property
    def file(self) -> Path:
        """The notebook."""
        return self.folder / "book.ipynb"

    def open_notebook(self, home: Path, *cells: str) -> None:
        """A new one with these cells, below one that gives its kernel a home."""
        notebook = nbformat.v4.new_notebook(
            metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}}
        )
        self.sources = [f"%env MOORING_HOME={home}", *cells]
        notebook.cells = [nbformat.v4.new_code_cell(source) for source in self.sources]
        nbformat.write(notebook, self.file)
        self.open()
        self.show_notebook()

    def show_notebook(self) -> None:
        """As it lies on the disk."""
        self._pick("Control+P", "Search files by name", self.file.name, self.file.name)
        expect(self.page.locator(".kernel-label", has_text="Python of the tests")).to_be_visible()

    def run(self, number: int) -> None:
        """A cell that did not run before; return when it has ended well."""
        row = self.cell(number)
        state = row.locator("[class*='codicon-notebook-state-']")

        def press() -> None:
            row.hover()
            if not state.is_visible():
                row.locator(".run-button-container .action-label").click(timeout=5_000)

        until(press, lambda: expect(state).to_be_visible(timeout=5_000))
        expect(row.locator(".codicon-notebook-state-success")).to_be_visible()

    def enter(self, control: Locator) -> None:
        """Go from the cell into what it shows, as the keyboard does: to its first control."""
        control.wait_for()
        until(
            lambda: self.run_command("Notebook: Focus In Active Cell Output"),
            lambda: expect(control).to_be_focused(timeout=5_000),
        )

    def cell(self, number: int) -> Locator:
        """A cell with its source; what it shows is elsewhere."""
        return self.page.locator(f".notebookOverlay .monaco-list-row[data-index='{number}']")

    @property
    def outputs(self) -> FrameLocator:
        """The page that all outputs of a notebook share."""
        return self.page.frame_locator("iframe.webview.ready").frame_locator("#active-frame")

    @property
    def outputs_frame(self) -> Any:
        """The same, for scripts. Its body has no height, so that all in it counts as cut off unless that is allowed."""
        body = self.outputs.locator("body")
        body.evaluate("(body) => { body.style.overflow = 'visible'; }")
        return body.element_handle().owner_frame()

    def widget(self, label: str) -> Locator:
        """One of ours."""
        return self.outputs.get_by_role("region", name=label, exact=True)

    def save(self) -> nbformat.NotebookNode:
        """The notebook, as it is in its file."""
        changed = self.page.locator(".tab.active.dirty")
        until(
            lambda: self.page.keyboard.press("Control+S"),
            lambda: expect(changed).to_have_count(0, timeout=5_000),
        )
        return nbformat.read(self.file, as_version=4)

    def reopen(self) -> None:
        """Close it, which ends its kernel, and open it again."""
        tab = self.page.locator(".tab.active")
        tab.hover()
        tab.locator(".tab-actions .action-label").click()
        expect(tab).to_have_count(0)
        self.show_notebook()

    def theme(self, name: str) -> None:
        """Return when outputs have it."""
        settings = self.folder / ".vscode" / "settings.json"
        changed = {**json.loads(settings.read_text()), "workbench.colorTheme": name}
        settings.write_text(json.dumps(changed))
        self.outputs.locator(f"body.{THEMES[name]}").wait_for(state="attached")
