"""A notebook in JupyterLab, as the tests drive it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat

_IDLE = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  const kernel = panel?.sessionContext?.session?.kernel;
  return Boolean(kernel && kernel.status === 'idle' && kernel.connectionStatus === 'connected');
}"""
_KERNEL = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code, store_history: false });
  let said = '';
  future.onIOPub = (message) => {
    if (message.header.msg_type === 'stream') said += message.content.text;
    if (message.header.msg_type === 'error') said += `ERROR ${message.content.evalue}`;
  };
  await future.done;
  return said;
}"""
_ADD_AND_RUN = """async (source) => {
  const app = window.jupyterapp;
  const notebook = app.shell.currentWidget.content;
  notebook.activeCellIndex = notebook.widgets.length - 1;
  const last = notebook.activeCell;
  if (last.model.sharedModel.getSource().trim() !== '' || last.model.type !== 'code') {
    await app.commands.execute('notebook:insert-cell-below');
  }
  notebook.activeCell.model.sharedModel.setSource(source);
  app.commands.execute('notebook:run-cell');
  return notebook.activeCellIndex;
}"""
_OUTPUTS = """(index) => {
  const cell = window.jupyterapp.shell.currentWidget.content.widgets[index];
  return JSON.stringify(cell.model.sharedModel.outputs ?? []);
}"""


class Notebook:
    """One notebook in one page.

    Args:
        page: Playwright's.
        url: Of the server.
        folder: That the notebook lies in.
        root: Of the server.
    """

    def __init__(self, page: Any, url: str, folder: Path, root: Path) -> None:
        self.page = page
        self.folder = folder
        self.file = folder / "book.ipynb"
        self._address = f"{url}/lab/tree/{self.file.relative_to(root)}"
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def start(self, home: Path) -> None:
        """Open it, and let its kernel use a home of its own."""
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        empty = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
        empty.cells = [nbformat.v4.new_code_cell("")]
        nbformat.write(empty, self.file)
        self.page.goto(f"{self._address}?token=t&reset")
        self.await_idle()
        self.kernel(f"import os; os.environ['MOORING_HOME'] = {str(home)!r}")

    def await_idle(self, timeout_s: float = 60) -> None:
        """Return when the kernel has nothing to do."""
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        self.page.wait_for_function(_IDLE, timeout=timeout_s * 1000)

    def kernel(self, code: str) -> str:
        """What code prints in the notebook's own kernel."""
        return str(self.page.evaluate(_KERNEL, code))

    def run(self, source: str, *, wait: bool = True) -> int:
        """Add a cell at the end, run it, and give its number."""
        index = int(self.page.evaluate(_ADD_AND_RUN, source))
        if wait:
            self.page.wait_for_timeout(50)
            self.await_idle()
        return index

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """A cell's outputs, as they would be saved."""
        found: list[dict[str, Any]] = json.loads(self.page.evaluate(_OUTPUTS, index))
        return found

    def text(self, index: int) -> str:
        """A cell's outputs as text."""
        return json.dumps(self.outputs(index), ensure_ascii=False)

    def cell(self, index: int) -> Any:
        """A cell on the page."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def widget(self, index: int) -> Any:
        """A cell's widget on the page."""
        found = self.cell(index).locator(".mooring").first
        found.wait_for()
        return found

    def reload(self) -> None:
        """Load the page again; the kernel goes on."""
        self.page.reload()
        self.await_idle()

    def save(self) -> str:
        """Save it, and give the file's text."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        self.page.wait_for_timeout(500)
        return self.file.read_text(encoding="utf-8")

    def theme(self, name: str) -> None:
        """`JupyterLab Light` or `JupyterLab Dark`."""
        self.page.evaluate(
            "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name
        )
        self.page.wait_for_timeout(800)

    def shut_down(self) -> None:
        """End the kernel, so that nothing of it is left for the next test."""
        self.page.evaluate(
            "async () => { const c = window.jupyterapp?.shell.currentWidget?.sessionContext; if (c) await c.shutdown(); }"
        )
