"""`mooring-lsp`: over the standard streams, or for one editor at a time over TCP."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from collections.abc import Sequence
from typing import BinaryIO

from mooring import __version__

_HIGHEST_PORT = 65_535
_OBJECTS_PER_LOOK = 30_000


def run(arguments: Sequence[str] | None) -> int:
    """Serve until the editor says exit."""
    options = _parser().parse_args(arguments)
    port: int | None = options.tcp
    output = take_standard_output() if port is None else None
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )
    gc.disable()  # what is loaded now is no garbage: looking for some takes a tenth of the start
    try:
        from mooring_lsp import lean_types

        lean_types.load()
        from mooring_lsp.server import create_server
    except ModuleNotFoundError as error:
        if error.name not in {"attrs", "pygls", "lsprotocol"}:
            raise
        print(f"{error.name} is not installed. Run: pip install 'mooring[lsp]'", file=sys.stderr)  # noqa: T201
        return 1
    server = create_server()
    _settle()
    if port is None:
        server.start_io(sys.stdin.buffer, output)
    else:
        server.start_tcp(options.host, port)
    return 0


def take_standard_output() -> BinaryIO:
    """The stream the editor reads; whatever anybody prints from now on goes to standard error instead."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return output


def _settle() -> None:
    """What is loaded by now stays: the collector need not look through it again between two key strokes.

    A stroke makes some ten thousand objects and frees them by itself; looking for garbage among them would take a tenth
    of the time.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS_PER_LOOK, 10, 10)
    gc.enable()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mooring-lsp", description="Mooring's language server.")
    parser.add_argument("--version", action="version", version=f"mooring-lsp {__version__}")
    parser.add_argument("--stdio", action="store_true", help="talk over the standard streams (the default)")
    parser.add_argument("--tcp", type=_port, metavar="PORT", help="listen on a port of this machine instead")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on with --tcp")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port")
    return int(text)
