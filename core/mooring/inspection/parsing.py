"""From text to a syntax tree, also for a text that is being typed.

Python's own parser decides what is an error, and where. For the rest of a broken text the statement in the way is
blanked and the parser asked again, so every line and column stays as it was.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass

from mooring.findings import Span
from mooring.inspection.reparsing import parse_text
from mooring.inspection.source import SourceText

_MOST_ATTEMPTS = 40  # lines of one statement
_MOST_STATEMENTS = 8
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
        mended: First and last line of the top-level statements that these lines are in.
    """

    tree: ast.Module
    slip: Slip | None = None
    lost_words: frozenset[str] = frozenset()
    mended: tuple[tuple[int, int], ...] = ()


def parse(source: SourceText) -> Parsed:
    """The tree of a text; never raises."""
    try:
        return Parsed(parse_text(source.text))
    except SyntaxError as error:
        slip = _slip(error)
    except (ValueError, RecursionError, MemoryError) as error:
        reason = str(error) or type(error).__name__
        return Parsed(ast.Module([], []), Slip(reason, Span()), frozenset(_WORD.findall(source.text)))
    return _parse_around(source, slip)


def _slip(error: SyntaxError) -> Slip:
    line, column = error.lineno or 1, max(error.offset or 1, 1)
    end = max((error.end_lineno or line, max(error.end_offset or column, 1)), (line, column))
    return Slip(f"{error.msg} (line {line})", Span(line, column, *end))


def _parse_around(source: SourceText, slip: Slip) -> Parsed:
    """Put right one top-level statement after another, so that a long text is parsed as a whole but a few times."""
    lines, lost = list(source.lines), set[str]()
    mended: list[tuple[int, int]] = []
    at = slip
    for _ in range(_MOST_STATEMENTS):
        start, end = _top_level_extent(lines, at)
        if not _mend_statement(lines, (start, end), at, lost):
            break
        mended.append((start + 1, end))
        try:
            return Parsed(parse_text("\n".join(lines)), slip, frozenset(lost), tuple(mended))
        except SyntaxError as error:
            at = _slip(error)
        except (ValueError, RecursionError, MemoryError):
            break
    return Parsed(ast.Module([], []), slip, frozenset(_WORD.findall(source.text)))


def _mend_statement(lines: list[str], extent: tuple[int, int], slip: Slip, lost: set[str]) -> bool:
    """Blank what stands in the way in the top-level statement of a slip; False when nothing is left to blank."""
    start, end = extent
    part = lines[start:end]
    if not any(line.strip() not in {"", "pass"} for line in part):
        return False
    if not _mend(part, _moved(slip, -start), lost):
        lost.update(_WORD.findall("\n".join(lines[start:end])))
        part = ["pass", *[""] * (end - start - 1)]
    lines[start:end] = part
    return True


def _mend(part: list[str], slip: Slip, lost: set[str]) -> bool:
    """Blank line after line until the rest of a statement can be parsed; False when that leads nowhere."""
    for _ in range(_MOST_ATTEMPTS):
        first, last = _extent(part, slip)
        lost.update(_WORD.findall("\n".join(part[first : last + 1])))
        if not _blank(part, first, last, slip.reason):
            return False
        try:
            parse_text("\n".join(part))
        except SyntaxError as error:
            slip = _slip(error)
        except (ValueError, RecursionError, MemoryError):
            return False
        else:
            return True
    return False


def _top_level_extent(lines: list[str], slip: Slip) -> tuple[int, int]:
    """Where the top-level statement of a slip begins and ends; all lines when the slip is one of the whole text."""
    first = min(max(slip.span.line, 1), len(lines)) - 1
    named = re.search(r"on line (\d+)", slip.reason)
    first = min(first, int(named[1]) - 1) if named else first
    start = first
    while start > 0 and (not _begins_statement(lines[start], 0) or _CLAUSE.match(lines[start])):
        start -= 1
    end = max(first, slip.span.line - 1) + 1
    while end < len(lines) and (not _begins_statement(lines[end], 0) or _CLAUSE.match(lines[end])):
        end += 1
    return start, end


def _moved(slip: Slip, lines: int) -> Slip:
    span = slip.span
    reason = re.sub(r"on line (\d+)", lambda found: f"on line {int(found[1]) + lines}", slip.reason)
    return Slip(reason, Span(span.line + lines, span.column, span.end_line + lines, span.end_column))


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
