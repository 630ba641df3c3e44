"""A tree of values with offsets, built from PyYAML's own tree of nodes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mooring.findings import Severity

if TYPE_CHECKING:
    import yaml

_LARGEST_TREE = 200_000  # values; aliases in aliases would otherwise unfold without end
_JSON_WORD = re.compile(r"true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_MEANT = {
    "true": "true",
    "false": "false",
    "yes": "true",
    "no": "false",
    "null": "null",
    "none": "null",
    "~": "null",
}
_PARSER_WORDS = {
    "'<stream end>'": "the end of the file",
    "'<document start>'": "the end of the file",
    "the node content": "a value",
}
_SURROGATE = re.compile("[\ud800-\udfff]")


class Slips(Exception):
    """The text can't be read; `offset` says where, in code points."""

    def __init__(self, reason: str, offset: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


@dataclass(frozen=True)
class Note:
    """Something tolerated while reading, by offsets."""

    code: str
    severity: Severity
    problem: str
    remedy: str
    start: int
    end: int


@dataclass
class Node:
    """One value with its offsets, its children, and the offsets of its keys."""

    value: Any
    start: int
    end: int
    children: dict[str | int, Node] = field(default_factory=dict["str | int", "Node"])
    keys: dict[str | int, tuple[int, int]] = field(default_factory=dict["str | int", "tuple[int, int]"])
    size: int = 1


def build_node(text: str, *, is_json: bool) -> tuple[Node, list[Note]]:
    """The text's first document as a tree, and what was tolerated.

    Raises:
        Slips: It is empty, malformed, or too large or too deep to be a configuration.
    """
    import yaml

    try:
        composed, second = _compose(text)
        if composed is None:
            raise Slips("the file is empty")
        builder = _Builder(text, is_json=is_json)
        root = builder.build(composed)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Slips(_plain(error.problem or error.context), mark.index if mark else None) from error
    except yaml.reader.ReaderError as error:
        raise Slips(
            f"character U+{_code_point(error.character):04X} is not allowed", error.position
        ) from error
    except RecursionError:
        raise Slips("it is nested too deeply") from None
    except (ValueError, OverflowError) as error:  # PyYAML hands numbers such as "\UFFFFFFFF" to chr()
        raise Slips("an escape such as \\U names no character") from error
    if second is not None:
        builder.notes.append(_second_document(second))
    return root, builder.notes


def _compose(text: str) -> tuple[yaml.Node | None, int | None]:
    import yaml

    loader = yaml.SafeLoader(text)
    try:
        if not loader.check_node():
            return None, None
        first = loader.get_node()
        second = loader.get_node() if loader.check_node() else None
    finally:
        loader.dispose()
    return first, second.start_mark.index if second else None


class _Builder:
    """Turns PyYAML nodes into ours; a node behind an alias is built once and shared."""

    def __init__(self, text: str, *, is_json: bool) -> None:
        import yaml

        self.notes: list[Note] = []
        self._text = text
        self._is_json = is_json
        self._built: dict[int, Node] = {}
        self._open: set[int] = set()
        self._constructor = yaml.constructor.SafeConstructor()

    def build(self, source: yaml.Node) -> Node:
        known = self._built.get(id(source))
        if known is not None:
            return known
        if id(source) in self._open:
            raise Slips("an alias contains itself", source.start_mark.index)
        self._open.add(id(source))
        node = self._build_new(source)
        self._open.discard(id(source))
        self._built[id(source)] = node
        if node.size > _LARGEST_TREE:
            raise Slips("it holds too many values for a configuration", node.start)
        return node

    def _build_new(self, source: yaml.Node) -> Node:
        import yaml

        if isinstance(source, yaml.MappingNode):
            return self._build_mapping(source)
        if isinstance(source, yaml.SequenceNode):
            return self._build_sequence(source)
        assert isinstance(source, yaml.ScalarNode)  # noqa: S101 - PyYAML has three kinds of node
        self._note_unquoted(source)
        return Node(self._scalar(source), source.start_mark.index, source.end_mark.index)

    def _build_sequence(self, source: yaml.SequenceNode) -> Node:
        items = [self.build(item) for item in source.value]
        node = Node([item.value for item in items], source.start_mark.index, _end(source, items))
        node.children.update(enumerate(items))
        node.size += sum(item.size for item in items)
        return node

    def _build_mapping(self, source: yaml.MappingNode) -> Node:
        node = Node({}, source.start_mark.index, source.end_mark.index)
        merged: list[Node] = []
        own: list[Node] = []
        for key_node, value_node in source.value:
            value = self.build(value_node)
            own.append(value)
            if key_node.tag == "tag:yaml.org,2002:merge":
                merged += [value, *value.children.values()] if isinstance(value.value, list) else [value]
                continue
            self._put(node, key_node, value)
        for other in merged:
            _merge(node, other)
        node.end = _end(source, own)
        node.size += sum(child.size for child in node.children.values())
        return node

    def _put(self, node: Node, key_node: yaml.Node, value: Node) -> None:
        import yaml

        start, end = key_node.start_mark.index, key_node.end_mark.index
        if not isinstance(key_node, yaml.ScalarNode):
            raise Slips("a key must be a word, not a list or an object", start)
        self._note_unquoted(key_node)
        key = _whole(str(key_node.value))
        if key in node.children:
            problem = f"The key {key!r} is written twice; the last one counts."
            self.notes.append(Note("duplicate-key", "warning", problem, "Keep one of them.", start, end))
            del node.children[key]  # the order of keys is that of the ones that count
            del node.value[key]
        node.children[key] = value
        node.keys[key] = (start, end)
        node.value[key] = value.value

    def _scalar(self, source: yaml.ScalarNode) -> Any:
        if self._is_json:
            written = self._text[source.start_mark.index : source.end_mark.index]
            if source.style == '"' or _JSON_WORD.fullmatch(written):
                try:
                    return _whole(json.loads(written, strict=False))
                except ValueError:
                    pass
        return self._yaml_scalar(source)

    def _yaml_scalar(self, source: yaml.ScalarNode) -> Any:
        kind = source.tag.removeprefix("tag:yaml.org,2002:")
        if kind not in {"null", "bool", "int", "float"}:
            return _whole(source.value)  # dates too: no setting is one, and `2020-01-01` is what was written
        try:
            return getattr(self._constructor, f"construct_yaml_{kind}")(source)
        except (ValueError, KeyError, IndexError, OverflowError):
            return _whole(source.value)

    def _note_unquoted(self, source: yaml.ScalarNode) -> None:
        if not self._is_json or source.style == '"':
            return
        start, end = source.start_mark.index, source.end_mark.index
        written = self._text[start:end]
        if _JSON_WORD.fullmatch(written):
            return
        if not source.style and "\n" in written:
            raise Slips("a comma or a quote is missing here", start)
        # An unquoted word may be a key or a password: only words that can't be are shown.
        meant = _MEANT.get(written.lower())
        problem = f"{written if meant else 'A word without double quotes'} is not JSON; it is read as YAML reads it."
        remedy = f"Write {meant}." if meant else "Put it in double quotes."
        self.notes.append(Note("json-unquoted", "warning", problem, remedy, start, end))


def _merge(node: Node, other: Node) -> None:
    if not isinstance(other.value, dict):
        return
    for key, child in other.children.items():
        if key not in node.children:
            node.children[key] = child
            node.keys[key] = other.keys[key]
            node.value[key] = child.value


def _end(source: yaml.CollectionNode, children: Any) -> int:
    """Where a collection ends: PyYAML says a block ends where the next token starts, which may be lines later."""
    inside: Iterator[int] = (child.end for child in children)
    start, end = source.start_mark.index, source.end_mark.index
    return end if source.flow_style else max([start, *(at for at in inside if at <= end)])


def _second_document(start: int) -> Note:
    problem = "The file holds a second document, which nothing reads."
    return Note("several-documents", "error", problem, "Keep one document a file.", start, start)


def _whole(value: Any) -> Any:
    """Text with halves of surrogate pairs joined; a lone half becomes U+FFFD, for nothing could print it."""
    if isinstance(value, str) and _SURROGATE.search(value):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _plain(problem: str | None) -> str:
    text = (problem or "it can't be read").strip().rstrip(".")
    for parsers, ours in _PARSER_WORDS.items():
        text = text.replace(parsers, ours)
    return text


def _code_point(character: Any) -> int:
    return character if isinstance(character, int) else ord(character)
