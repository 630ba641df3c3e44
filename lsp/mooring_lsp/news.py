"""What a change in a workspace makes the server do: tell the client, refresh what is shown, look at scripts again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcException

from mooring.inspection import ModelFacts

if TYPE_CHECKING:
    from mooring.deployments.values import Service
    from mooring.settings import Settings
    from mooring.watching import Change
    from mooring_lsp.server import MooringServer

log = logging.getLogger(__name__)
CHANGED = "mooring/changed"
_LIVE_EVERY_S = 1.0
_NUMBERS_EVERY_S = 5.0


class News:
    """Takes changes in, on the event loop.

    Attributes:
        services: Of each workspace, as they were last seen.
    """

    def __init__(self, ls: MooringServer) -> None:
        self._ls = ls
        self.services: dict[str, list[Service]] = {}

    def take(self, settings: Settings, change: Change) -> None:
        """Something is not as it was; or, at first, this is how it is."""
        is_first = settings.workspace not in self.services
        self.services[settings.workspace] = list(change.services)
        for service in change.services:
            if service.failure is not None:
                self._ls.failures.keep({"service": service.name, "failure": service.failure.to_dict()})
            elif service.operation is None:
                self._ls.failures.forget(service.name)
        if not is_first:
            facts = {"workspace": settings.workspace, "changed": sorted(change.kinds)}
            self._ls.protocol.notify(CHANGED, facts)
        if "models" in change.kinds:
            self._ls.start(self._learn_models(settings))
        self.refresh()

    def refresh(self) -> None:
        """Have lenses and hints asked for again, by editors that can."""
        known = self._ls.client_capabilities.workspace
        if known is not None and known.code_lens is not None and known.code_lens.refresh_support:
            self._ls.start(self._ask_again(self._ls.workspace_code_lens_refresh_async))
        if known is not None and known.inlay_hint is not None and known.inlay_hint.refresh_support:
            self._ls.start(self._ask_again(self._ls.workspace_inlay_hint_refresh_async))

    async def _ask_again(self, request: Callable[[None], Awaitable[None]]) -> None:
        """Have the editor ask again; one that refuses, though it said that it can, is left alone."""
        try:
            await request(None)
        except JsonRpcException as error:
            log.info("the editor does not refresh: %s", error)

    async def keep_live(self) -> None:
        """Refresh what runs by the clock: elapsed seconds while a service is changed, numbers while it answers."""
        waited_s = 0.0
        while True:
            await asyncio.sleep(_LIVE_EVERY_S)
            waited_s += _LIVE_EVERY_S
            services = [each for held in self.services.values() for each in held]
            is_changing = any(each.operation is not None for each in services)
            if is_changing or (services and waited_s >= _NUMBERS_EVERY_S and self._ls.lenses_are_shown):
                waited_s = 0.0
                self.refresh()

    async def _learn_models(self, settings: Settings) -> None:
        """The newest version of each model: the rules ask for names, files and packages."""
        workspace = await asyncio.to_thread(self._ls.workspaces.find, settings)
        if workspace is None:
            return
        registered = await asyncio.to_thread(lambda: workspace.models.list(latest=True))
        self._ls.checker.learn_models(settings.workspace, ModelFacts(registered=registered))
