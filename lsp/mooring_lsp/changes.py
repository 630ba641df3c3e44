"""What changes in the workspaces: noticed by the core's watch, told to the client, to lenses and to the rules."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from mooring_lsp.loading import load_store

if TYPE_CHECKING:
    from mooring.settings import Settings
    from mooring.watching import Change, Subscription

log = logging.getLogger(__name__)


class Changes:
    """Watches each workspace that a folder or a document belongs to.

    Args:
        told: Called on the event loop with each change; the first one of a workspace says how things are.
    """

    def __init__(self, told: Callable[[Settings, Change], None]) -> None:
        self._told = told
        self._followed: set[Settings] = set()
        self._watches: dict[Settings, Subscription] = {}

    async def follow(self, settings: Settings) -> None:
        """Watch a workspace from now on."""
        if settings in self._followed:
            return
        self._followed.add(settings)
        await asyncio.to_thread(load_store)
        from mooring.workspace import Workspace

        loop = asyncio.get_running_loop()

        def pass_on(change: Change) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._told, settings, change)

        self._watches[settings] = Workspace(settings).watch(pass_on)

    def close(self) -> None:
        """Watch nothing any more."""
        for watch in self._watches.values():
            watch.close()
        self._watches.clear()
