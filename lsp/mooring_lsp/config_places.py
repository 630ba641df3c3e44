"""Where a configuration's text stands at a place: which setting it is, which keys and values could be written there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mooring.configs import (
    DEPLOYMENT_CONFIGS,
    ConfigUnreadable,
    Document,
    InferenceConfig,
    Setting,
    is_deployment_config,
    is_inference_config,
    may_be_config,
    read_document,
    settings_of,
)
from mooring.findings import Span
from mooring_lsp.documents import Snapshot

_ENDINGS = (".json", ".yml", ".yaml")
_WRITTEN_KEY = re.compile(
    r"""^\s*(?:[{,]\s*)?["']?(?P<key>[\w.-]*)["']?\s*:\s*["']?(?P<value>[^"'{}\[\],]*)$"""
)
_KEY_START = re.compile(r"""(?:^|[{,])\s*(?P<quote>["']?)(?P<key>[\w-]*)$""")
_COMPUTE_TYPE = re.compile(r"""["']?computeType["']?\s*:\s*["']?(\w+)""")
_COMPUTE = Setting("computeType", "text", "Where the service runs.", choices=tuple(DEPLOYMENT_CONFIGS))


def read_config(snapshot: Snapshot) -> Document | None:
    """The document, when it is a configuration that can be read; None for everything else."""
    if not snapshot.path.lower().endswith(_ENDINGS) or not may_be_config(snapshot.text):
        return None
    try:
        return read_document(snapshot.text, path=snapshot.path)
    except ConfigUnreadable:
        return None


def settings_in(snapshot: Snapshot) -> list[Setting]:
    """The settings that a file of this kind may hold; none when it is no configuration. Broken texts are guessed."""
    document = read_config(snapshot)
    if document is not None and is_inference_config(document):
        return list(_written(InferenceConfig))
    if document is not None and not is_deployment_config(document):
        return []
    if not snapshot.path.lower().endswith(_ENDINGS) or not may_be_config(snapshot.text):
        return []
    if document is None and "entryScript" in snapshot.text:
        return list(_written(InferenceConfig))
    named = _COMPUTE_TYPE.search(snapshot.text)
    cls = DEPLOYMENT_CONFIGS.get(named[1].lower()) if named else None
    classes = [cls] if cls is not None else list(DEPLOYMENT_CONFIGS.values())
    found = {setting.key: setting for each in classes for setting in _written(each)}
    return list({"computeType": _COMPUTE, **found}.values())


def _written(cls: type) -> Iterator[Setting]:
    return (setting for setting in settings_of(cls).values() if setting.in_file)


@dataclass(frozen=True)
class SettingPlace:
    """A setting and where its key stands."""

    setting: Setting
    span: Span


def find_setting(snapshot: Snapshot, line: int, column: int) -> SettingPlace | None:
    """The setting whose key or value stands at a place, counted as the core does."""
    document = read_config(snapshot)
    if document is None:
        return None
    for setting in settings_in(snapshot):
        for path in setting.paths:
            if _has(document.value, path):
                spans = (document.key_span_of(path), document.span_of(path))
                if any(_holds(span, line, column) for span in spans):
                    return SettingPlace(setting, spans[0])
    return None


def _has(value: Any, path: tuple[str, ...]) -> bool:
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return True


def _holds(span: Span, line: int, column: int) -> bool:
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def describe(setting: Setting) -> str:
    """A setting in Markdown: what it is, what it may be, what it is when absent."""
    kind = "object of texts" if setting.kind == "texts" else setting.kind
    lines = [f"**{setting.key}** · {kind}", "", setting.doc]
    facts: list[str] = []
    if setting.choices:
        facts.append("One of " + ", ".join(f"`{choice}`" for choice in setting.choices) + ".")
    limits = [
        f"{words} {limit:g}"
        for words, limit in (
            ("greater than", setting.above), ("at least", setting.minimum), ("at most", setting.maximum),
        )
        if limit is not None
    ]  # fmt: skip
    if limits:
        facts.append(f"{', '.join(limits).capitalize()}.")
    if setting.default is not None:
        facts.append(f"Default: `{json.dumps(setting.default, default=str)}`.")
    if setting.no_effect:
        facts.append(f"No effect: {setting.no_effect}")
    return "\n".join([*lines, *(("", *facts) if facts else ())])


@dataclass(frozen=True)
class Proposal:
    """What could be written: a key (with the setting it is for) or a value.

    Attributes:
        replaced: Code points before the place that belong to it already.
    """

    label: str
    text: str
    setting: Setting
    replaced: int
    is_key: bool


def propose(snapshot: Snapshot, offset: int) -> list[Proposal]:
    """Keys and values for a place in a configuration; `offset` in code points."""
    settings = settings_in(snapshot)
    if not settings:
        return []
    before = snapshot.text[:offset].rpartition("\n")[2]
    is_json = snapshot.path.lower().endswith(".json")
    written = _WRITTEN_KEY.match(before) or _WRITTEN_KEY.match(before.rpartition(",")[2])
    if written is not None:
        return list(_values(settings, written["key"], written["value"], before, is_json=is_json))
    start = _KEY_START.search(before)
    if start is None:
        return []
    group = _group_at(snapshot.text[:offset], is_json=is_json)
    return list(_keys(settings, group, start, is_json=is_json))


def _values(
    settings: list[Setting], key: str, value: str, before: str, *, is_json: bool
) -> Iterator[Proposal]:
    setting = next((each for each in settings if key in {path[-1] for path in each.paths}), None)
    if setting is None:
        return
    words = setting.choices or (("true", "false") if setting.kind == "boolean" else ())
    is_quoted = before.removesuffix(value).endswith(('"', "'"))
    for word in words:
        text = f'"{word}"' if is_json and not is_quoted and setting.kind != "boolean" else word
        yield Proposal(word, text, setting, len(value), is_key=False)


def _keys(
    settings: list[Setting], group: tuple[str, ...], start: re.Match[str], *, is_json: bool
) -> Iterator[Proposal]:
    told: set[str] = set()
    for setting in settings:
        path = setting.path
        if path[: len(group)] != group or len(path) <= len(group) or path[len(group)] in told:
            continue
        key = path[len(group)]
        told.add(key)
        text = key if start["quote"] else f'"{key}": ' if is_json else f"{key}: "
        yield Proposal(key, text, setting, len(start["key"]), is_key=True)


def _group_at(text: str, *, is_json: bool) -> tuple[str, ...]:
    """The objects around a place, from the outside, by their keys."""
    return _braces(text) if is_json else _indents(text)


def _braces(text: str) -> tuple[str, ...]:
    open_keys: list[str] = []
    key = ""
    for token in re.finditer(r'"((?:[^"\\\n]|\\.)*)"\s*(:?)|[{}]', text):
        if token[0] == "{":
            open_keys.append(key)
            key = ""
        elif token[0] == "}":
            if open_keys:
                open_keys.pop()
        elif token[2]:
            key = token[1]
    return tuple(open_keys[1:])


def _indents(text: str) -> tuple[str, ...]:
    *above, here = text.split("\n")
    depth = len(here) - len(here.lstrip())
    found: list[str] = []
    for line in reversed(above):
        indent = len(line) - len(line.lstrip())
        opened = re.match(r"\s*([\w-]+)\s*:\s*$", line)
        if line.strip() and indent < depth:
            if opened:
                found.insert(0, opened[1])
            depth = indent
    return tuple(found)
