"""Log lines as the reference server writes them, or as JSON; each attributed to the request it belongs to.

`print` goes through the log, as in the reference: one line per call, with time, level and process. Standard error and
`sys.stdout.write` stay as they are.
"""

from __future__ import annotations

import builtins
import functools
import json
import logging
import logging.config
import sys
import time
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from mooring.scoring.messages import Request

if TYPE_CHECKING:
    from mooring.scoring.settings import ServerSettings

__all__ = ["configure_logs", "current_request", "with_request"]

current_request: ContextVar[Request | None] = ContextVar("mooring_request", default=None)
logger = logging.getLogger("azmlinfsrv")
_LINE = "%(asctime)s %(levelname).1s [%(process)d] %(name)s - %(message)s"
_plain_print = builtins.print


class ReferenceFormatter(logging.Formatter):
    """`UTC time LEVEL [pid] logger - message`."""

    def __init__(self) -> None:
        super().__init__(_LINE)
        self.converter = time.gmtime


class JsonFormatter(logging.Formatter):
    """One JSON object per line; `request_id` when a request is being answered."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; never raises on what cannot be encoded."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = {
            "time": f"{moment}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": record.process,
            "message": record.getMessage(),
        }
        request = current_request.get()
        if request is not None:
            line["request_id"] = request_id(request)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def request_id(request: Request) -> str | None:
    """The id the response carries: the client's own, or the one given to it."""
    return request.id or request.headers.get("x-request-id")


def configure_logs(settings: ServerSettings) -> None:
    """Send the server's and the script's log lines to standard output; a `logging.json` of the user's wins."""
    own = _find_logging_json(settings)
    if own is not None:
        logging.config.dictConfig(json.loads(own.read_text(encoding="utf-8")))
    else:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(JsonFormatter() if settings.log_format == "json" else ReferenceFormatter())
        logger.handlers[:] = [handler]
        logger.setLevel(settings.log_level)
        logger.propagate = False
    builtins.print = _print_to_log
    for warning in settings.warnings:
        logger.warning(warning)


def with_request(answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """The same function; log lines written while it runs know its request."""
    tell, forget = current_request.set, current_request.set

    def answer_known(request: Request) -> Any:
        tell(request)
        try:
            return answer(request)
        finally:
            forget(None)

    return answer_known


def _find_logging_json(settings: ServerSettings) -> Path | None:
    folders = [Path(settings.app_root)]
    if settings.entry_script:
        folders.append(Path(settings.app_root, settings.entry_script).parent)
    for folder in folders:
        if (folder / "logging.json").is_file():
            return folder / "logging.json"
    return None


@functools.wraps(_plain_print)
def _print_to_log(
    *values: Any, sep: Any = " ", end: Any = "\n", file: Any = None, flush: bool = False
) -> None:
    if file is not None and file is not sys.stdout:
        _plain_print(*values, sep=sep, end=end, file=file, flush=flush)
    else:
        text = (" " if sep is None else sep).join(map(str, values))
        logging.getLogger("azmlinfsrv.print").info("%s", text)
