"""The true cause of a failed request, for the log: the script's own frames, and the file and line to look at."""

from __future__ import annotations

import logging
import os
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["log_script_error", "reached"]

logger = logging.getLogger("azmlinfsrv")

_CONTRACT = str(Path(__file__).absolute().parent) + os.sep


def log_script_error(error: BaseException) -> bool:
    """Log an exception of reading or running; says whether it came out of `run` (decorators included)."""
    frames = _after_contract(error.__traceback__)
    in_run = not _failed_in_read(error.__traceback__)
    text = "".join(traceback.format_exception(type(error), error, frames))
    place = _last_place(frames)
    if not in_run:
        logger.error("The request could not be read: %s: %s", type(error).__name__, error)
    elif isinstance(error, TimeoutError):
        logger.error(
            "run() raised its own TimeoutError at %s; it is answered as a scoring timeout, as in v1\n%s",
            place,
            text,
        )
    else:
        logger.error("run() raised %s at %s\n%s", type(error).__name__, place, text)
    return in_run


def reached(error: BaseException, code: Any) -> bool:
    """Whether the exception passed through a function's own code."""
    return any(frame.f_code is code for frame, _ in traceback.walk_tb(error.__traceback__))


def _failed_in_read(frames: TracebackType | None) -> bool:
    return any(
        frame.f_code.co_name == "read" and frame.f_code.co_filename.startswith(_CONTRACT)
        for frame, _ in traceback.walk_tb(frames)
    )


def _after_contract(frames: TracebackType | None) -> TracebackType | None:
    current = frames
    while current is not None and current.tb_frame.f_code.co_filename.startswith(_CONTRACT):
        current = current.tb_next
    return current or frames


def _last_place(frames: TracebackType | None) -> str:
    found = traceback.extract_tb(frames)
    return f"{found[-1].filename}:{found[-1].lineno}" if found else "an unknown place"
