"""Short words for what a notebook does most, over the command line's own verbs and flags."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shortcut:
    """One word: the verb it stands for, and the flag that a bare word after it goes to."""

    verb: tuple[str, str]
    bare: str
    help: str


SHORTCUTS = {
    "register": Shortcut(("model", "register"), "-p", "Register a fitted model, a file or a folder."),
    "deploy": Shortcut(("model", "deploy"), "-n", "Deploy models behind one URL."),
    "test": Shortcut(("service", "run"), "-n", "Send one request: --data takes a variable, too."),
    "logs": Shortcut(("service", "get-logs"), "-n", "What a service wrote; -f goes on."),
    "show": Shortcut(("service", "show"), "-n", "One service."),
    "services": Shortcut(("service", "list"), "", "All services."),
    "models": Shortcut(("model", "list"), "-n", "Registered models."),
    "update": Shortcut(("service", "update"), "-n", "Change what a service serves."),
    "rollback": Shortcut(("service", "rollback"), "-n", "Back to the revision before."),
    "delete": Shortcut(("service", "delete"), "-n", "Stop a service and forget it."),
}
_ALSO = {"logs": {"-f": "--follow"}}


def spell_out(words: list[str]) -> list[str]:
    """The same command in the command line's own words; a command that has no shortcut stays as it is."""
    if not words or words[0] not in SHORTCUTS:
        return words
    shortcut = SHORTCUTS[words[0]]
    also = _ALSO.get(words[0], {})
    rest = [also.get(word, word) for word in words[1:]]
    if rest and shortcut.bare and not rest[0].startswith("-"):
        rest = [shortcut.bare, *rest]
    return [*shortcut.verb, *rest]


def value_of(words: list[str], *flags: str) -> str | None:
    """What was given for a flag; None when it was not."""
    found = None
    for at, word in enumerate(words):
        if word in flags and at + 1 < len(words):
            found = words[at + 1]
        for flag in flags:
            if word.startswith(f"{flag}=") and flag.startswith("--"):
                found = word.partition("=")[2]
    return found


def without(words: list[str], *flags: str) -> list[str]:
    """The words without these flags and their values."""
    kept: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in flags:
            skip = True
        elif word.partition("=")[0] not in flags:
            kept.append(word)
    return kept
