"""Reads JSON and YAML into plain values that remember where each of them stands in the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from mooring.configs.nodes import Node, Slips, build_node
from mooring.configs.relaxed_json import Slip, find_missing_comma, is_json_like, relax_json
from mooring.errors import MooringError
from mooring.findings import Finding, Span

Syntax = Literal["json", "yaml"]
PathInDocument = tuple[str | int, ...]
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(eq=False)
class ConfigUnreadable(MooringError):
    """A file that is neither JSON nor YAML, or can't be had at all.

    Attributes:
        path: File as the user gave it; empty for text from elsewhere.
        reason: What is wrong, without a full stop.
        flag: Command line option that named the file, for instance `--inference-config-file`; may be empty.
        span: Place in the file; None when the file itself is the problem.
    """

    code = "config-unreadable"
    path: str
    reason: str
    flag: str = ""
    span: Span | None = None

    @property
    def problem(self) -> str:
        """v1's sentence when a flag named the file, then place and reason."""
        place = (
            f"{self.path or 'text'}:{self.span.line}:{self.span.column}" if self.span else self.path or "text"
        )
        start = f"Error parsing {self.flag}. Must be valid JSON or YAML file. " if self.flag else ""
        return f"{start}{place}: {self.reason}."

    @property
    def remedy(self) -> str:
        """Where to look."""
        return "Correct it there." if self.span else "Check the path and the file's content."

    def to_finding(self) -> Finding:
        """The same as an error finding, for editors."""
        return Finding(
            code=self.code,
            severity="error",
            problem=f"Must be valid JSON or YAML: {self.reason}.",
            remedy=self.remedy,
            path=self.path,
            span=self.span or Span(),
        )


@dataclass(frozen=True)
class Document:
    """What a file says, and where it says it.

    Attributes:
        value: Plain Python values; keys are always text, the last of two equal keys counts.
        path: File as the user gave it; empty for text from elsewhere.
        syntax: `json` when the file starts with a brace or bracket and isn't named .yml or .yaml.
        findings: What was tolerated (trailing commas, comments, repeated keys) and what was left unread
            (a second document).
    """

    value: Any = field(repr=False)  # may hold keys
    path: str = ""
    syntax: Syntax = "yaml"
    findings: tuple[Finding, ...] = ()
    text: str = field(default="", repr=False)
    _root: Node | None = field(default=None, repr=False, compare=False)

    def span_of(self, path: PathInDocument = ()) -> Span:
        """Place of the value at `path`; of the nearest ancestor that exists when there is no such value."""
        node = self._nearest(path)[-1]
        return self._span(node.start, node.end)

    def key_span_of(self, path: PathInDocument) -> Span:
        """Place of the key at `path`, quotes included; of the value for list items and ancestors."""
        nodes = self._nearest(path)
        if len(nodes) > len(path) > 0 and isinstance(path[-1], str):
            return self._span(*nodes[-2].keys[path[-1]])
        return self.span_of(path)

    def text_of(self, path: PathInDocument) -> str:
        """The value as written, quotes included."""
        node = self._nearest(path)[-1]
        return self.text[node.start : node.end]

    def _nearest(self, path: PathInDocument) -> list[Node]:
        nodes = [self._root or Node(self.value, 0, len(self.text))]
        for step in path:
            child = nodes[-1].children.get(step)
            if child is None:
                break
            nodes.append(child)
        return nodes

    def _span(self, start: int, end: int) -> Span:
        return self._lines.span(start, end)

    @cached_property
    def _lines(self) -> _Lines:
        return _Lines(self.text)


class _Lines:
    """Offsets to lines and columns as editors count them: LF, CR LF and CR end a line, nothing else does."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(ending.end() for ending in _LINE_END.finditer(text))]

    def span(self, start: int, end: int) -> Span:
        return Span(*self._place(start), *self._place(max(start, end)))

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def load_document(path: str | Path, *, flag: str = "") -> Document:
    """The document in a file.

    Raises:
        ConfigUnreadable: There is no such file, it isn't UTF-8, or it is neither JSON nor YAML.
    """
    shown = str(path)
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigUnreadable(path=shown, reason=_why_not_opened(path, error), flag=flag) from error
    return read_document(_decode(content, path=shown, flag=flag), path=shown, flag=flag)


def read_document(text: str, *, path: str | Path = "", flag: str = "") -> Document:
    """The document in a text.

    Raises:
        ConfigUnreadable: It is empty, or neither JSON nor YAML; says where.
    """
    text = text.removeprefix("\ufeff")
    shown = str(path)
    json_like = is_json_like(text)
    syntax: Syntax = "json" if json_like and not shown.lower().endswith((".yml", ".yaml")) else "yaml"
    relaxed, slips = relax_json(text) if json_like else (text, [])
    lines = _Lines(text)
    try:
        root, noted = build_node(relaxed, is_json=syntax == "json")
    except Slips as error:
        missing = find_missing_comma(relaxed, slips) if json_like else None
        offset, reason = (
            (error.offset, error.reason) if missing is None else (missing, "a comma is missing before this")
        )
        span = lines.span(offset, offset) if offset is not None else None
        raise ConfigUnreadable(path=shown, reason=reason, flag=flag, span=span) from error
    findings = [_tolerated(slip, lines, shown) for slip in slips if _matters(slip, syntax)]
    findings += [
        Finding(note.code, note.severity, note.problem, note.remedy, shown, lines.span(note.start, note.end))
        for note in noted
    ]
    findings.sort(key=lambda finding: (finding.span.line, finding.span.column))
    return Document(root.value, shown, syntax, tuple(findings), text, root)


def _decode(content: bytes, *, path: str, flag: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise ConfigUnreadable(
                path=path, reason="the file is UTF-16, save it as UTF-8", flag=flag
            ) from error
        before = content[: error.start].decode("utf-8-sig", "replace")
        span = _Lines(before).span(len(before), len(before))
        reason = f"byte 0x{content[error.start]:02x} is not UTF-8"
        raise ConfigUnreadable(path=path, reason=reason, flag=flag, span=span) from error


def _why_not_opened(path: str | Path, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return (
            f"there is no such file in {Path.cwd()}"
            if not Path(path).is_absolute()
            else "there is no such file"
        )
    return (error.strerror or "can't be read") if isinstance(error, OSError) else "is no valid file name"


def _matters(slip: Slip, syntax: Syntax) -> bool:
    return syntax == "json" or slip.kind == "comment"  # a trailing comma is fine in YAML


def _tolerated(slip: Slip, lines: _Lines, path: str) -> Finding:
    problem, remedy = {
        "comment": ("JSON has no comments; this one is skipped.", "Remove it, or write the file as YAML."),
        "trailing-comma": (
            "JSON allows no comma before a closing bracket; this one is skipped.",
            "Remove it.",
        ),
    }[slip.kind]
    span = lines.span(slip.start, slip.end)
    return Finding(f"json-{slip.kind}", "warning", problem, remedy, path, span, {"fix": "remove"})
