"""The notebook face of Mooring: magics, widgets, panel and server extension."""

from __future__ import annotations

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext mooring` does: add the magics and their completion."""
    from mooring_jupyter.loading import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """What `%unload_ext mooring` does: take them away again."""
    from mooring_jupyter.loading import unload

    unload(shell)


def _jupyter_server_extension_points() -> list[dict[str, str]]:  # pyright: ignore[reportUnusedFunction] (Jupyter Server's name)
    return [{"module": "mooring_jupyter"}]


def _load_jupyter_server_extension(server: Any) -> None:  # pyright: ignore[reportUnusedFunction] (Jupyter Server's name)
    from mooring_jupyter.extension import load

    load(server)
