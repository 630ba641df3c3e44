"""How the text of a setting becomes its value; each reader raises ValueError with a hint that begins with `use`."""

from __future__ import annotations

from typing import Any, Callable

KNOWN_ROUTES = ("/", "/metrics", "/swagger.json")
LOG_LEVELS = ("critical", "fatal", "error", "warn", "warning", "info", "debug", "notset")
_NO_LIMIT = float("inf")


def text(value: str) -> str:
    """The text itself."""
    return value


def optional_text(value: str) -> str | None:
    """The text, or None when it is empty."""
    return value or None


def truth(value: str) -> bool:
    """True or False, in the words people use."""
    word = value.strip().lower()
    if word in {"true", "1", "yes", "on", "y", "t"}:
        return True
    if word in {"false", "0", "no", "off", "n", "f", ""}:
        return False
    raise ValueError("use true or false")


def number(least: float, most: float = _NO_LIMIT, *, whole: bool = True) -> Callable[[str], Any]:
    """A reader of numbers within bounds."""
    kind = "a whole number" if whole else "a number"
    limit = f"{kind} of at least {least:g}" if most == _NO_LIMIT else f"{kind} from {least:g} to {most:g}"

    def read(value: str) -> Any:
        try:
            found = int(value) if whole else float(value)
        except ValueError:
            raise ValueError(f"use {limit}") from None
        if not least <= found <= most:
            raise ValueError(f"use {limit}")
        return found

    return read


def optional(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same reader, with None for empty text."""
    return lambda value: read(value) if value.strip() else None


def choice(*words: str) -> Callable[[str], str]:
    """A reader of one of these words, in any case."""

    def read(value: str) -> str:
        word = value.strip().lower()
        if word not in words:
            raise ValueError(f"use one of {', '.join(words)}")
        return word

    return read


def log_level(value: str) -> str:
    """A level of the logging module, upper case."""
    return choice(*LOG_LEVELS)(value).upper()


def words(value: str) -> tuple[str, ...]:
    """The words between commas."""
    return tuple(word.strip() for word in value.split(",") if word.strip())


def routes(value: str) -> tuple[str, ...]:
    """The routes between commas; only routes that may be opened are known."""
    return tuple(choice(*KNOWN_ROUTES)(word) for word in words(value))


def batch(value: str) -> tuple[int, int] | None:
    """Most requests in a batch and microseconds to wait for them: `64` or `64,200`; None for off."""
    if value.strip().lower() in {"", "0", "off", "false"}:
        return None
    most, _, wait = value.partition(",")
    return (number(1, 65536)(most), number(0, 1_000_000)(wait or "0"))
