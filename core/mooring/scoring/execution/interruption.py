"""Stopping a run that takes too long: an exception raised inside it, wherever it is in Python code."""

from __future__ import annotations

import ctypes
import signal
import threading
from typing import Any

__all__ = ["Interruption", "ScoringTimeout"]

# A signal no library and no script is likely to use; the reference's own, SIGALRM, is left to scripts.
_SIGNAL: int = getattr(signal, "SIGRTMIN", signal.SIGUSR2 - 5) + 5


class ScoringTimeout(TimeoutError):
    """Raised inside `run` when its time is over; the contract answers it as the reference does."""


class Interruption:
    """Raises `ScoringTimeout` in the thread that runs a given exchange, and only while it does.

    In the main thread it comes with a signal, which also ends sleeps, reads and waits for locks, as in the
    reference; in other threads Python can only raise between two instructions.
    """

    def __init__(self) -> None:
        self._target: object | None = None
        self._main_run: object | None = None

    def install(self) -> None:
        """Take the signal; call it in the main thread."""
        signal.signal(_SIGNAL, self._raise)

    def enter(self, run: object) -> None:
        """The main thread starts a run."""
        self._main_run = run

    def leave(self) -> None:
        """The main thread has finished its run."""
        self._main_run = None

    def interrupt(self, run: object, thread_id: int) -> None:
        """Raise in `thread_id` if it still runs `run`; may be called from any thread."""
        if thread_id == threading.main_thread().ident:
            self._target = run
            signal.pthread_kill(thread_id, _SIGNAL)
        else:
            raised = ctypes.py_object(ScoringTimeout)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), raised)

    def _raise(self, *_signal: Any) -> None:
        run, self._target = self._target, None
        if run is not None and run is self._main_run:
            raise ScoringTimeout
