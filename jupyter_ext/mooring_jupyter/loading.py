"""Adding the magics to a shell, and taking them away."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Iterator
from typing import Any

from mooring_jupyter.cells import FILES, cell_magic
from mooring_jupyter.completing import ASSIGNED, complete
from mooring_jupyter.display import is_notebook
from mooring_jupyter.magic import NAME, Magic
from mooring_jupyter.memory import Memory

_WARM = (
    "mooring.cli.running",
    "mooring.database.engine",
    "mooring.deployments.desk",
    "mooring_jupyter.findings_view",
    "mooring_jupyter.objects",
    "mooring_jupyter.state_check",
    "mooring_jupyter.widgets.service",
    "mooring.sdk",
)

_PAUSE_S = 0.02
"""Before each, so that a cell that waits goes first."""

_loaded: dict[int, Magic] = {}


def load(shell: Any) -> None:
    """Add `%mooring` and the cell magics to a shell, and let `azureml` mean ours."""
    from mooring.azureml import switch_on

    unload(shell)
    switch_on()
    magic = Magic(shell, Memory(shell))
    _loaded[id(shell)] = magic
    shell.register_magic_function(magic.run_line, magic_kind="line", magic_name=NAME)
    for kind in FILES:
        shell.register_magic_function(cell_magic(magic, kind), magic_kind="cell", magic_name=kind)
    shell.set_hook("complete_command", complete, str_key=f"%{NAME}")
    shell.set_hook("complete_command", complete, re_key=ASSIGNED)
    if is_notebook(shell):
        _warm_up(iter(_WARM))


def _warm_up(names: Iterator[str]) -> None:
    """Import what the first command or widget needs, one after the other while no cell runs.

    Not in another thread: of two threads that import one package at once, either may get half of it.
    """
    with contextlib.suppress(RuntimeError):  # no loop: what is needed is imported when it is needed
        asyncio.get_running_loop().call_later(_PAUSE_S, _import_next, names)


def _import_next(names: Iterator[str]) -> None:
    name = next(names, None)
    if name is None:
        return
    with contextlib.suppress(ImportError):  # a shell without widgets has the magics all the same
        importlib.import_module(name)
    _warm_up(names)


def magic_of(shell: Any) -> Magic:
    """The magics of a shell that has them."""
    return _loaded[id(shell)]


def find_magic(shell: Any) -> Magic | None:
    """The same, or None."""
    return _loaded.get(id(shell))


def magic_for(shell: Any) -> Magic:
    """The magics of a shell, or some for a shell that has not loaded them: they know the cells that ran so far."""
    return find_magic(shell) or Magic(shell, Memory(shell))


def unload(shell: Any) -> None:
    """Take them away."""
    magic = _loaded.pop(id(shell), None)
    if magic is None:
        return
    magic.memory.close()
    shell.magics_manager.magics["line"].pop(NAME, None)
    for kind in FILES:
        shell.magics_manager.magics["cell"].pop(kind, None)
