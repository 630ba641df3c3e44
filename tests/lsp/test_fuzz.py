"""Random edits, cancels and switches: no crash, no stale squiggle, and at the end what a fresh session finds.

A few hundred edits here; `poe fuzz-editor` makes ten thousand.
"""

from __future__ import annotations

import asyncio
import os
import random

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from mooring_lsp.convert import Places

CANCELLED = -32800

EDITS = int(os.environ.get("MOORING_FUZZ_EDITS", "250"))
SEED = int(os.environ.get("MOORING_FUZZ_SEED", "7"))
TEXTS = {
    "score.py": "import json\nfrom sklearn.externals import joblib\n\n\ndef init():\n    global model\n    model = '😀'\n\n\ndef run(raw_data):\n    return json.loads(raw_data)\n",
    "inferenceconfig.json": '{"entryScript": "score.py", "runtime": "python", "condaFile": "env.yml"}\n',
    "deploymentconfig.json": '{"computeType": "aci", "containerResourceRequirements": {"cpu": 1}}\r\n',
    "env.yml": "name: e\ndependencies:\n- python=3.8\n- pip:\n  - scikit-learn==0.22.2\n",
}
PIECES = (
    "x", "\n", "\r\n", "    ", '"', "'", "(", ")", "{", "}", ":", ",", "#", "😀", "é", "\t", "\u2028", "\f",
    "def run(data):\n    return data\n", "import pickle\n", "return None", "computeType", '"cpu": -1', "- numpy\n",
)  # fmt: skip

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(3600)]


class Typist:
    """Holds the texts as an editor does, and changes them at random."""

    def __init__(self, editor, chance: random.Random) -> None:
        self.editor = editor
        self.chance = chance
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.languages = {"py": "python", "json": "json", "yml": "yaml"}

    def open(self, name: str, text: str) -> None:
        self.editor.open(name, text, language=self.languages[name.partition(".")[2]])
        self.texts[name], self.versions[name] = text, 1

    def edit(self, name: str) -> None:
        text = self.texts[name]
        start = self.chance.randint(0, len(text))
        end = min(len(text), start + self.chance.choice((0, 0, 0, 1, 3, 12)))
        start, end = (_whole(text, each) for each in (start, end))
        piece = self.chance.choice(PIECES)
        self.versions[name] += 1
        place = Places(text).range_between(start, end)
        self.editor.replace(self.editor.uri(name), self.versions[name], piece, place)
        self.texts[name] = text[:start] + piece + text[end:]

    def reopen(self, name: str) -> None:
        uri = self.editor.uri(name)
        self.editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        self.open(name, TEXTS[name] if self.chance.random() < 0.5 else self.texts[name])

    async def ask(self, name: str) -> None:
        """A request that may be cancelled at once, as editors do while somebody types."""
        uri = types.TextDocumentIdentifier(self.editor.uri(name))
        place = types.Position(self.chance.randint(0, 12), self.chance.randint(0, 20))
        client = self.editor.client
        params = self.chance.choice(
            (
                types.CompletionParams(uri, place),
                types.HoverParams(uri, place),
                types.DefinitionParams(uri, place),
                types.CodeLensParams(uri),
                types.DocumentSymbolParams(uri),
                types.CodeActionParams(uri, types.Range(place, place), types.CodeActionContext([])),
            )
        )
        method = METHODS[type(params)]
        message_id = f"fuzz-{self.chance.random()}"
        answer = client.protocol.send_request(method, params, msg_id=message_id)
        if self.chance.random() < 0.5:
            client.protocol.notify(types.CANCEL_REQUEST, types.CancelParams(message_id))
        try:
            await asyncio.wrap_future(answer)
        except JsonRpcException as error:
            if error.code != CANCELLED:
                raise


METHODS = {
    types.CompletionParams: types.TEXT_DOCUMENT_COMPLETION,
    types.HoverParams: types.TEXT_DOCUMENT_HOVER,
    types.DefinitionParams: types.TEXT_DOCUMENT_DEFINITION,
    types.CodeLensParams: types.TEXT_DOCUMENT_CODE_LENS,
    types.DocumentSymbolParams: types.TEXT_DOCUMENT_DOCUMENT_SYMBOL,
    types.CodeActionParams: types.TEXT_DOCUMENT_CODE_ACTION,
}


def _whole(text: str, offset: int) -> int:
    """An editor never cuts a line end in two."""
    return offset + 1 if text[offset - 1 : offset + 1] == "\r\n" else offset


async def test_whatever_is_typed_the_findings_are_those_of_a_fresh_session(editor, pulling_editor):
    typist = Typist(editor, random.Random(SEED))
    for name, text in TEXTS.items():
        typist.open(name, text)
    for number in range(EDITS):
        name = typist.chance.choice(list(TEXTS))
        typist.edit(name)
        if number % 9 == 0:
            await typist.ask(typist.chance.choice(list(TEXTS)))
        if number % 60 == 59:
            typist.reopen(typist.chance.choice(list(TEXTS)))

    shown = {name: await _last(editor, name, typist) for name in TEXTS}
    fresh = Typist(pulling_editor, typist.chance)
    for name, text in typist.texts.items():
        fresh.open(name, text)
    for name in TEXTS:
        report = await pulling_editor.pull(pulling_editor.uri(name))
        again = await pulling_editor.pull(pulling_editor.uri(name))
        found = report if report.kind == "full" and again.kind == "unchanged" else again
        assert _plain(shown[name]) == _plain(found.items), name


async def _last(editor, name: str, typist: Typist) -> list[types.Diagnostic]:
    """What the editor shows once the server has nothing more to say."""
    uri, version = editor.uri(name), typist.versions[name]
    report = await editor.pull(uri)
    await asyncio.sleep(0.3)
    last = None
    while not editor.client.published.empty():
        got = editor.client.published.get_nowait()
        editor.client.shown = {**getattr(editor.client, "shown", {}), got.uri: got}
    last = editor.client.shown[uri]
    assert last.version == version
    assert _plain(last.diagnostics) == _plain(report.items)
    return list(last.diagnostics)


def _plain(found: list[types.Diagnostic]) -> list[tuple[object, ...]]:
    return sorted((each.code, each.range.start.line, each.message) for each in found)
