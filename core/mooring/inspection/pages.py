"""The page of a rule, as `mooring explain` shows it and `docs/rules/` holds it.

`python -m mooring.inspection.pages docs/rules` writes them anew.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mooring.inspection.catalog import RULES
from mooring.inspection.rule import Rule

_SEVERITIES = {
    "error": "error: the service does not start, or every request fails",
    "warning": "warning: wrong for some requests, or unsafe",
    "information": "information: ignored or deprecated",
    "hint": "hint: a matter of style",
}


def render_page(rule: Rule) -> str:
    """A rule's page, in Markdown."""
    facts = [f"- Severity: {_SEVERITIES[rule.severity]}"]
    if not rule.is_on:
        facts.append(f"- Off unless asked for: `mooring check --select {rule.code}`")
    if rule.example_packages:
        facts.append(f"- The examples take an environment with {', '.join(rule.example_packages)}")
    parts = [f"# {rule.code}", f"{rule.title}.", "\n".join(facts), "## Why", rule.why]
    if rule.bad:
        parts += ["## Bad", _fenced(rule.bad), "## Good", _fenced(rule.good)]
    silence = f"# mooring: ignore[{rule.code}]"
    parts.append(
        f"Silence it on a line with `{silence}`, everywhere with `ignore` in `[tool.mooring.check]`."
    )
    return "\n\n".join(parts) + "\n"


def render_index() -> str:
    """The list of all rules, in Markdown."""
    rows = [
        f"| [{rule.code}]({rule.code}.md) | {rule.severity}{'' if rule.is_on else ', off'} | {rule.title} |"
        for rule in sorted(RULES.values(), key=lambda rule: rule.code)
    ]
    head = "# Rules\n\nMade by `python -m mooring.inspection.pages docs/rules`; a test keeps it true.\n"
    return "\n".join([head, "| code | severity | what |", "| --- | --- | --- |", *rows]) + "\n"


def write_pages(folder: Path) -> None:
    """Write all pages and the list into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(render_index(), encoding="utf-8")
    for rule in RULES.values():
        (folder / f"{rule.code}.md").write_text(render_page(rule), encoding="utf-8")


def _fenced(example: str) -> str:
    is_several_files = re.search(r"^# \S+\.(json|yml|yaml|txt)$", example, re.MULTILINE) is not None
    language = "" if is_several_files or (example.startswith("#") and "def " not in example) else "python"
    return f"```{language}\n{example.rstrip()}\n```"


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
