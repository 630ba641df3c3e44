"""The notebook face of Mooring: magics, widgets, panel and server extension."""

from __future__ import annotations

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext mooring` does: add the `%mooring` line magic and its completion."""
    from mooring_jupyter.magic import register

    register(shell)


def unload_ipython_extension(shell: Any) -> None:
    """What `%unload_ext mooring` does: take it away again."""
    from mooring_jupyter.magic import unregister

    unregister(shell)
