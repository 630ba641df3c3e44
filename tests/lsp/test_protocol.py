"""What the protocol layer keeps, and what lsprotocol's types still do when they are made leanly."""

from __future__ import annotations

import subprocess
import sys

import pytest
from lsprotocol import types

from mooring_lsp.server import create_server

LEAN = """\
from mooring_lsp import lean_types
lean_types.load()
from lsprotocol import types
from pygls.protocol import default_converter
one, other = types.TextEdit(types.Range(types.Position(0, 1), types.Position(2, 3)), "x"), None
other = types.TextEdit(types.Range(types.Position(0, 1), types.Position(2, 3)), "x")
assert one == other and one != types.TextEdit(one.range, "y") and one != "x"
assert repr(one) == "TextEdit(range=0:1-2:3, new_text='x')", repr(one)
plain = default_converter().unstructure(one)
assert plain == {"range": {"start": {"line": 0, "character": 1}, "end": {"line": 2, "character": 3}}, "newText": "x"}
assert default_converter().structure(plain, types.TextEdit) == one
try:
    types.Position(-1, 0)
except ValueError:
    print("ok")
"""


def test_nothing_is_kept_of_a_notification():
    server = create_server()
    change = types.TextDocumentContentChangeWholeDocument("x")
    for version in range(20):
        document = types.VersionedTextDocumentIdentifier(version, "file:///nowhere.py")
        params = types.DidChangeTextDocumentParams(document, [change])
        server.protocol.handle_message(types.DidChangeTextDocumentNotification(params))
    assert server.protocol._request_futures == {}


def test_lean_types_compare_print_convert_and_check_as_the_full_ones():
    done = subprocess.run([sys.executable, "-c", LEAN], capture_output=True, text=True, check=False)
    assert done.stdout == "ok\n", done.stderr


@pytest.mark.asyncio
async def test_a_session_says_which_protocol_of_ours_it_speaks(editor):
    assert editor.client.capabilities_of_server == {"mooring": {"protocol": 1}}
