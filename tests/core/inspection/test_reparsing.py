"""A text that follows another is parsed in parts; the tree is the same as that of the whole."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mooring.inspection import reparsing
from mooring.inspection.reparsing import parse_text

STATEMENT = '''
@decorated(
    1)
def function_{n}(a, b="""x
# y
"""):
    if a:
        return b
    else:
        pass
x_{n} = 1; y_{n} = (
    2,
)
# a note
class C_{n}: pass
try:
    z = "é😀"
except ValueError:
    z = f"{{x_{n}!r}}"

'''
LONG = "".join(STATEMENT.format(n=number) for number in range(70))
LINES = LONG.split("\n")
PIECES = [
    "",
    "    ",
    "else:",
    "@again",
    "x = 1",
    "x = (",
    "x = \\",
    '"""',
    "    return 3",
    "def g(): pass",
    "# note",
    "a; b",
    ")",
    "pass",
]


def dumped(parse, text):
    try:
        return ast.dump(parse(text), include_attributes=True)
    except (SyntaxError, ValueError) as error:
        return type(error), str(error), getattr(error, "lineno", 0), getattr(error, "offset", 0)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from(PIECES)), min_size=1, max_size=3))
def test_after_any_edit_of_lines_the_tree_is_that_of_the_whole_text(edits):
    parse_text(LONG)
    lines = list(LINES)
    for at, piece in edits:
        lines[at] = piece
        text = "\n".join(lines)

        assert dumped(parse_text, text) == dumped(ast.parse, text)


@pytest.mark.parametrize("at", [0, 3, 9, 11, 700, len(LINES) - 1])
def test_statements_that_an_edit_does_not_touch_are_not_parsed_again(at, monkeypatch):
    tree = parse_text(LONG)
    parsed = []
    plain = reparsing._parse
    monkeypatch.setattr(reparsing, "_parse", lambda text: parsed.append(text.strip("\n")) or plain(text))
    changed = [*LINES[:at], f"{LINES[at]} # {at}", *LINES[at + 1 :]]

    again = parse_text("\n".join(changed))

    assert sum(len(text) for text in parsed) < len(LONG) / 10
    assert len(again.body) == len(tree.body)
    assert sum(one is other for one, other in zip(again.body, tree.body, strict=True)) > len(tree.body) - 6


def test_short_texts_are_parsed_as_a_whole():
    assert parse_text("x = 1") is not parse_text("x = 1")
