"""From text to a syntax tree, also for a text that is being typed.

Python's own parser decides what is an error, and where. For the rest of a broken text the statement in the way is
blanked and the parser asked again, so every line and column stays as it was.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from dataclasses import dataclass

from mooring.findings import Span
from mooring.inspection.source import SourceText

_MOST_ATTEMPTS = 40
_WORD = re.compile(r"[^\W\d]\w*")
_OPENS_BLOCK = re.compile(
    r"\s*(async\s+def|def|class|if|for|while|with|try|else|elif|except|finally|match|case|async)\b"
)
_CLAUSE = re.compile(r"\s*(else|elif|except|finally|case)\b")


@dataclass(frozen=True)
class Slip:
    """The first thing that Python can't parse."""

    reason: str
    span: Span


@dataclass(frozen=True)
class Parsed:
    """A text's tree.

    Attributes:
        tree: Of everything that could be parsed.
        slip: Why that is not everything; None when it is.
        lost_words: Names on the lines that could not be parsed: they may be bound there.
    """

    tree: ast.Module
    slip: Slip | None = None
    lost_words: frozenset[str] = frozenset()


def parse(source: SourceText) -> Parsed:
    """The tree of a text; never raises."""
    try:
        return Parsed(_parse(source.text))
    except SyntaxError as error:
        slip = _slip(error)
    except (ValueError, RecursionError, MemoryError) as error:
        reason = str(error) or type(error).__name__
        return Parsed(ast.Module([], []), Slip(reason, Span()), frozenset(_WORD.findall(source.text)))
    return _parse_around(source, slip)


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `"\d"` is a matter of style
        return ast.parse(text)


def _slip(error: SyntaxError) -> Slip:
    line, column = error.lineno or 1, max(error.offset or 1, 1)
    end = max((error.end_lineno or line, max(error.end_offset or column, 1)), (line, column))
    return Slip(f"{error.msg} (line {line})", Span(line, column, *end))


def _parse_around(source: SourceText, slip: Slip) -> Parsed:
    lines, lost = list(source.lines), set[str]()
    at = slip
    for _ in range(_MOST_ATTEMPTS):
        first, last = _extent(lines, at)
        lost.update(_WORD.findall("\n".join(lines[first : last + 1])))
        if not _blank(lines, first, last, at.reason):
            break
        try:
            return Parsed(_parse("\n".join(lines)), slip, frozenset(lost))
        except SyntaxError as error:
            at = _slip(error)
        except (ValueError, RecursionError, MemoryError):
            break
    return Parsed(ast.Module([], []), slip, frozenset(_WORD.findall(source.text)))


def _extent(lines: list[str], slip: Slip) -> tuple[int, int]:
    """First and last line, from 0, of the statement in the way."""
    first = min(max(slip.span.line, 1), len(lines)) - 1
    last = first
    if "never closed" in slip.reason or "unterminated triple" in slip.reason:
        indent = _indent(lines[first])
        while last + 1 < len(lines) and not _begins_statement(lines[last + 1], indent):
            last += 1
    return first, last


def _begins_statement(line: str, indent: int) -> bool:
    stripped = line.lstrip()
    return bool(stripped) and _indent(line) <= indent and stripped[0] not in ")]}#,"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _blank(lines: list[str], first: int, last: int, reason: str) -> bool:
    """Take a statement out of the way; False when nothing was left to take."""
    if "expected an indented block" in reason or "expected 'except' or 'finally'" in reason:
        return _close_block_before(lines, first, reason)
    if not any(line.strip() and line.strip() != "pass" for line in lines[first : last + 1]):
        return _blank_nearest(lines, first)
    for number in range(first, last + 1):
        line = lines[number]
        white = line[: _indent(line)]
        opens = number == first and _OPENS_BLOCK.match(line) and not _CLAUSE.match(line)
        has_body = number == last and number + 1 < len(lines) and _indent_after(lines, number) > len(white)
        if number == first:
            lines[number] = f"{white}if 1:" if opens and (has_body or last > first) else f"{white}pass"
        else:
            lines[number] = ""
    if lines[first].endswith("if 1:") and _indent_after(lines, last) <= _indent(lines[first]):
        lines[first] = lines[first].replace("if 1:", "pass")
    return True


def _indent_after(lines: list[str], number: int) -> int:
    return next((_indent(line) for line in lines[number + 1 :] if line.strip()), 0)


def _close_block_before(lines: list[str], number: int, reason: str) -> bool:
    """Give the block that lacks its body or its `except` what it lacks."""
    found = re.search(r"on line (\d+)", reason)
    opener = int(found[1]) - 1 if found else number
    if not found:
        opener = next((n for n in range(number, -1, -1) if re.match(r"\s*try\s*:", lines[n])), -1)
        if opener < 0:
            return _blank_nearest(lines, number)
        lines[opener] = re.sub(r"try\s*:", "if 1:", lines[opener], count=1)
        return True
    white = lines[opener][: _indent(lines[opener])]
    lines[opener] = f"{white}pass"
    return True


def _blank_nearest(lines: list[str], number: int) -> bool:
    """The parser stumbles after the line that is to blame: take the nearest one before."""
    for near in range(min(number, len(lines) - 1), -1, -1):
        if lines[near].strip() and lines[near].strip() != "pass":
            lines[near] = f"{lines[near][: _indent(lines[near])]}pass"
            return True
    return False


def newest_python() -> str:
    """The newest Python whose syntax can be judged: the one that runs this."""
    return "{}.{}".format(*sys.version_info[:2])
