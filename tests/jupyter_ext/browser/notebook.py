"""A notebook in JupyterLab or Notebook 7, as the tests drive it."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import nbformat
from tests.jupyter_ext.running_lab import TOKEN

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
_ADD_AND_RUN = """async ([source, wait]) => {
  const app = window.jupyterapp;
  const notebook = app.shell.currentWidget.content;
  notebook.activeCellIndex = notebook.widgets.length - 1;
  const last = notebook.activeCell;
  if (last.model.sharedModel.getSource().trim() !== '' || last.model.type !== 'code') {
    await app.commands.execute('notebook:insert-cell-below');
  }
  notebook.activeCell.model.sharedModel.setSource(source);
  const ran = app.commands.execute('notebook:run-cell');
  if (wait) await ran;
  return notebook.activeCellIndex;
}"""
_SEE_ITS_END = """() => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  window.kernelStates = [];
  kernel.statusChanged.connect((_, status) => window.kernelStates.push(status));
}"""
_NEW_ONE = """() => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const died = window.kernelStates.some((each) => each.includes('restarting') || each === 'dead');
  return died && kernel.status === 'idle' && kernel.connectionStatus === 'connected';
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
        view: The front end's own part of the address.
        place: Of the notebook's folder, as the server sees it.
    """

    def __init__(self, page: Any, url: str, folder: Path, *, view: str, place: Path) -> None:
        self.page = page
        self.folder = folder
        self.file = folder / "book.ipynb"
        self._address = f"{url}{view}/{place / self.file.name}"
        self.complaints: list[str] = []

    def start(self, home: Path) -> None:
        """Open it, and let its kernel use a home of its own."""
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        empty = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
        empty.cells = [nbformat.v4.new_code_cell("")]
        nbformat.write(empty, self.file)
        self.page.goto(f"{self._address}?token={TOKEN}&reset")
        self.await_idle()
        self._use(home)
        # Notebook 7.6 has one of its own while it starts
        self.page.on("pageerror", lambda error: self.complaints.append(f"{error}\n{error.stack}"))

    def _use(self, home: Path) -> None:
        self._pid = int(
            self.kernel(f"import os; os.environ['MOORING_HOME'] = {str(home)!r}; print(os.getpid())")
        )

    def kill_kernel(self, home: Path) -> None:
        """Kill its process; return when Jupyter has started another by itself, which uses that home, too."""
        self.page.evaluate(_SEE_ITS_END)
        killed = self._pid
        os.kill(killed, signal.SIGKILL)
        self.page.wait_for_function(_NEW_ONE)
        self._use(home)
        assert self._pid != killed

    def await_idle(self) -> None:
        """Return when the kernel has nothing to do."""
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        self.page.wait_for_function(_IDLE)

    def kernel(self, code: str) -> str:
        """What code prints in the notebook's own kernel."""
        return str(self.page.evaluate(_KERNEL, code))

    def run(self, source: str, *, wait: bool = True) -> int:
        """Add a cell at the end, run it, and give its number."""
        return int(self.page.evaluate(_ADD_AND_RUN, [source, wait]))

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
        return self.file.read_text(encoding="utf-8")

    def theme(self, name: str) -> None:
        """`JupyterLab Light` or `JupyterLab Dark`."""
        self.page.evaluate(
            "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name
        )
        self.page.wait_for_function("(theme) => document.body.dataset.jpThemeName === theme", arg=name)
        self.settle()

    def settle(self) -> None:
        """Return when nothing moves, and nothing waits for an answer."""
        self.page.wait_for_function(
            "() => !document.querySelector('.mooring [aria-busy]')"
            " && document.getAnimations().every((each) => each.playState !== 'running')"
        )

    def shut_down(self) -> None:
        """End the kernel, so that nothing of it is left for the next test."""
        self.page.evaluate(
            "async () => { const c = window.jupyterapp?.shell.currentWidget?.sessionContext; if (c) await c.shutdown(); }"
        )
