"""One service: its entry script loaded, its requests answered.

application = Application(settings)
application.load()                     # imports the script, calls init(); raises BootError
response = application.answer(request) # Response, or an awaitable of one when `run_plan.is_async`
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Awaitable, Dict, Optional, Union

from mooring.scoring.messages import Request, Response

if TYPE_CHECKING:
    from mooring.scoring.settings import ServerSettings

__all__ = ["Application"]


class Application:
    """The v1 contract around one entry script; thread-safe once loaded.

    `load` must have returned before any other method is called.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self.settings = settings
        self.run_plan: Any = None  # RunPlan after load()

    def load(self) -> None:
        """Import the entry script and call its `init()`; raises `BootError`."""
        raise NotImplementedError

    def needs_run(self, request: Request) -> bool:
        """Whether answering will call the script's `run`, so that the request needs a slot in the queue."""
        raise NotImplementedError

    def answer(self, request: Request) -> Union[Response, Awaitable[Response]]:
        """The response; never raises. Awaitable only when `run_plan.is_async` and `needs_run(request)`."""
        raise NotImplementedError

    def refuse(self, request: Request, status: int, message: str, run_failed: bool = False) -> Response:
        """A JSON error with the request's ids: what the layers around (auth, queue, size, time) answer with."""
        raise NotImplementedError

    def timed_out(self, request: Request, timeout_ms: int) -> Response:
        """The reference's answer to a `run` that took longer than SCORING_TIMEOUT_MS."""
        raise NotImplementedError

    def swagger(self, version: Optional[str] = None) -> Dict[str, Any]:
        """The service's OpenAPI document: `2` (default), `3` or `3.1`; raises `Refusal` for others."""
        raise NotImplementedError
