"""Rules over an entry script's text. The script is parsed, never imported: its side effects must not happen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mooring.findings import Finding
from mooring.inspection.environment_facts import EnvironmentFacts
from mooring.inspection.options import DEFAULT, Options
from mooring.inspection.source import SourceText, Undecodable, decode

if TYPE_CHECKING:
    from mooring.inspection.script import Script


def inspect_entry_script(
    path: str | Path, environment: EnvironmentFacts | None = None, options: Options = DEFAULT
) -> list[Finding]:
    """Findings in an entry script, in the order of its lines. Never raises for what is in the file.

    Args:
        path: The file.
        environment: What is known about its packages; None for nothing.
        options: Which rules to look for.
    """
    from mooring.inspection.rules.syntax import unreadable

    file = Path(path)
    try:
        content = file.read_bytes()
    except OSError as error:
        return [unreadable(str(file), error.strerror or str(error))]
    return inspect_entry_text(content, str(file), environment, options)


def inspect_entry_text(
    text: str | bytes,
    path: str = "score.py",
    environment: EnvironmentFacts | None = None,
    options: Options = DEFAULT,
) -> list[Finding]:
    """The same for a text that may not be saved yet.

    Args:
        text: The script; bytes are decoded as Python does, by byte-order mark or coding line.
        path: Where the findings say they are.
        environment: What is known about its packages; None for nothing.
        options: Which rules to look for.
    """
    from mooring.inspection.rules.syntax import undecodable
    from mooring.inspection.script import Script

    try:
        plain = text.removeprefix("\ufeff") if isinstance(text, str) else decode(text)
    except Undecodable as error:
        return [undecodable(path, str(error), error.line)]
    return inspect_script(Script(SourceText(plain, path), environment), options)


def inspect_script(script: Script, options: Options = DEFAULT) -> list[Finding]:
    """The same for a script that is parsed already."""
    from mooring.inspection.catalog import CHECKS
    from mooring.inspection.rules.syntax import find_syntax
    from mooring.inspection.suppression import keep_unsuppressed

    found = list(find_syntax(script))
    for check in CHECKS:
        if check.may_find(script.text) and any(options.wants(rule) for rule in check.rules):
            found += check.find(script)
    kept = [finding for finding in found if options.selects(finding.code, script.path)]
    kept = keep_unsuppressed(kept, script.source)
    return sorted(kept, key=lambda finding: (finding.span.line, finding.span.column, finding.code))
