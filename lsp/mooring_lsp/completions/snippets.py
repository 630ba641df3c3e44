"""`init`, `run` and the schema decorators, where a script's functions begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lsprotocol import types

from mooring.inspection.recognition import is_named_as_script, names_defined
from mooring_lsp.completions.place import Place

_START = re.compile(r"^(?P<written>@?\w*(?: \w*)?)$")


@dataclass(frozen=True)
class _Snippet:
    label: str
    typed: str
    told: str
    text: str


_INIT = _Snippet(
    "def init()",
    "def init",
    "Loads the model once, when the service starts.",
    "def init():\n    global ${1:model}\n"
    '    path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "${2:model.pkl}")\n    ${1:model} = ${3:joblib.load(path)}\n$0',
)
_RUN = _Snippet(
    "def run(raw_data)",
    "def run",
    "Answers one request.",
    'def run(${1:raw_data}):\n    rows = json.loads(${1:raw_data})["${2:data}"]\n    return ${3:model.predict(rows).tolist()}\n$0',
)
_INPUT = _Snippet(
    "@input_schema",
    "@input_schema",
    "Declares what run() takes, by an example; shown in swagger.json and converted for run().",
    '@input_schema("${1:data}", ${2:NumpyParameterType(np.array([[${3:0.0}]]))})$0',
)
_OUTPUT = _Snippet(
    "@output_schema",
    "@output_schema",
    "Declares what run() returns, by an example.",
    "@output_schema(${1:NumpyParameterType(np.array([${2:0.0}]))})$0",
)
_RAW = _Snippet(
    "@rawhttp",
    "@rawhttp",
    "run() gets the whole request, with its method, headers and body.",
    "@rawhttp\ndef run(${1:request}):\n    return AMLResponse(${2:request.get_data()}, 200)\n$0",
)


def complete(place: Place) -> Sequence[types.CompletionItem] | None:
    """What a script still lacks; None anywhere but where a line begins."""
    found = _START.match(place.before) if place.is_python else None
    if found is None or not found["written"]:
        return None
    text = place.snapshot.text
    defined = names_defined(text)
    is_script = place.use is not None or is_named_as_script(place.snapshot.path) or bool(defined)
    if place.snapshot.kind == "cell":
        is_script = "%%entry_script" in text or "%%writefile" in text
    if not is_script:
        return None
    return [
        _item(place, found["written"], each) for each in _lacking(defined, text, found["written"])
    ] or None


def _lacking(defined: set[str], text: str, written: str) -> Iterator[_Snippet]:
    wanted = {"init": _INIT, "run": _RUN}
    yield from (
        each for name, each in wanted.items() if name not in defined and each.typed.startswith(written)
    )
    for each in (_INPUT, _OUTPUT, _RAW):
        if each.typed.startswith(written) and each.label not in text.replace(written, "", 1):
            yield each


def _item(place: Place, written: str, snippet: _Snippet) -> types.CompletionItem:
    plain = re.sub(r"\$\{\d+:((?:[^${}]|\$\{\d+:[^}]*\})*)\}|\$0", lambda found: found[1] or "", snippet.text)
    text = snippet.text if place.takes_snippets else plain
    return types.CompletionItem(
        label=snippet.label,
        kind=types.CompletionItemKind.Snippet,
        detail=snippet.told,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, f"```python\n{plain}\n```"),
        insert_text_format=types.InsertTextFormat.Snippet
        if place.takes_snippets
        else types.InsertTextFormat.PlainText,
        text_edit=place.edit(len(written), text.replace("\n", place.snapshot.places.newline)),
        filter_text=snippet.typed,
    )
