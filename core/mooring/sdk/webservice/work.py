"""A deploy or update that goes on while the caller does something else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class Work:
    """Runs a function in a thread that keeps the interpreter alive until it is done."""

    def __init__(self, function: Callable[[], Any], *, name: str) -> None:
        self._function = function
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=False)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether the function has returned or raised."""
        return not self._thread.is_alive()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it is done, or the time is over; answers whether it is done."""
        self._thread.join(timeout_s)
        return self.is_done

    def result(self) -> None:
        """Raise what the function raised; quiet when all went well."""
        self._thread.join()
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        try:
            self._function()
        except BaseException as error:  # noqa: BLE001 (raised again in the thread that asks)
            self.error = error
