"""Lines of a pip list: requirements, options, URLs and local paths."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from mooring.environments.failures import InvalidEnvironment
from mooring.environments.redaction import redact
from mooring.environments.replaced import is_replaced, replacement_finding
from mooring.environments.requirement_files import find_include, read_requirement_lines
from mooring.environments.specification import IndexOptions, Wanted
from mooring.findings import Finding, Severity

_OPTION = re.compile(r"^(?P<name>--?[A-Za-z][\w\-]*)(?:[=\s]+(?P<value>\S.*)?)?$")
_URL = re.compile(r"^(?:[a-z][a-z0-9+.\-]*://|git\+)", re.IGNORECASE)
_ARCHIVE = (".whl", ".tar.gz", ".zip", ".tar.bz2")
_SHORT = {
    "-i": "--index-url",
    "--pypi-url": "--index-url",
    "-f": "--find-links",
    "-e": "--editable",
    "-c": "--constraint",
}


@dataclass
class PipLines:
    """Collects what a pip list asks for.

    Attributes:
        base_dir: What relative paths are relative to.
        subject: Name of the list for messages.
    """

    base_dir: Path
    subject: str
    wanted: list[Wanted] = field(default_factory=list[Wanted])
    options: IndexOptions = field(default_factory=IndexOptions)
    findings: list[Finding] = field(default_factory=list[Finding])

    def read(self, lines: list[str]) -> None:
        """Take in all lines.

        Raises:
            InvalidEnvironment: A line is no requirement, or points to a file that is not there.
        """
        for raw in lines:
            line = re.sub(r"(^|\s+)#.*$", "", raw).strip()
            if line:
                self._read_line(line)

    def _read_line(self, line: str) -> None:
        include = find_include(line)
        if include is not None:
            self.read(read_requirement_lines(self.base_dir / include))
        elif line.startswith("-"):
            self._read_option(line)
        elif _URL.match(line) or _is_path(line):
            self._read_location(line)
        else:
            self._read_requirement(line)

    def _read_option(self, line: str) -> None:
        found = _OPTION.match(line)
        name = found["name"] if found else line
        value = (found["value"] or "").strip() if found else ""
        name, options = _SHORT.get(name, name), self.options
        if name == "--index-url":
            self.options = replace(options, index_url=value)
        elif name == "--extra-index-url":
            self.options = replace(options, extra_index_urls=(*options.extra_index_urls, *value.split()))
        elif name == "--find-links":
            link = value if _URL.match(value) else str(self._existing(value))
            self.options = replace(options, find_links=(*options.find_links, link))
        elif name == "--trusted-host":
            self.options = replace(options, trusted_hosts=(*options.trusted_hosts, value))
        elif name == "--no-index":
            self.options = replace(options, has_no_index=True)
        elif name == "--pre":
            self.options = replace(options, allows_prereleases=True)
        elif name == "--constraint":
            lines = read_requirement_lines(self.base_dir / value)
            self.options = replace(options, constraints=(*options.constraints, *lines))
        elif name == "--editable":
            self._read_editable(value)
        else:
            self._note("pip-option-ignored", f"Pip option {redact(line)!r} means nothing here.", "Remove it.")

    def _read_editable(self, value: str) -> None:
        self._note(
            "editable-copied",
            f"{redact(value)!r} is installed as a copy: a service must not change when its sources do.",
            "Deploy or update again after editing it.",
        )
        self._read_location(value)

    def _read_location(self, text: str) -> None:
        if _URL.match(text) and not text.startswith("file:"):
            self.wanted.append(Wanted(text, "pip", redact(text)))
            return
        path = self._existing(text.removeprefix("file://"))
        self._note(
            "local-package",
            f"{text!r} is taken from this machine as it is now.",
            "Publish it, or give its URL, if the service is to be built anywhere else.",
        )
        self.wanted.append(Wanted(str(path), "pip", text))

    def _read_requirement(self, line: str) -> None:
        text, *hashes = line.split(" --hash")
        try:
            requirement = Requirement(text.strip())
        except InvalidRequirement as error:
            raise InvalidEnvironment(
                self.subject, f"{redact(text)!r} is no pip requirement", _advice(text)
            ) from error
        name = canonicalize_name(requirement.name)
        if is_replaced(name):
            self.findings.append(replacement_finding(name))
            return
        entry = Wanted(
            text.strip(), "pip", redact(line), "".join(f" --hash{part}" for part in hashes).strip()
        )
        if "+unknown" in str(requirement.specifier):
            entry = entry.with_specifier("")
            self._note(
                "pin-substituted",
                f"{text.strip()!r} names a version that was never published; any version is taken.",
                f"Write the version of {name} that you need.",
                severity="warning",
            )
        self.wanted.append(entry)

    def _existing(self, text: str) -> Path:
        bare, bracket, extras = text.partition("[")
        path = (self.base_dir / os.path.expanduser(bare)).resolve()  # noqa: PTH111  leaves `~nobody` as it is; Path's own raises
        if not path.exists():
            raise InvalidEnvironment(
                subject=self.subject,
                reason=f"{text!r} is not there (looked for {path})",
                advice="Correct the path, or name a published package.",
            )
        return Path(f"{path}{bracket}{extras}")

    def _note(self, code: str, problem: str, remedy: str, *, severity: Severity = "information") -> None:
        self.findings.append(Finding(code, severity, problem, remedy))


def _is_path(line: str) -> bool:
    first = shlex.split(line, posix=False)[0] if line.strip() else ""
    has_path_form = first.startswith((".", "/", "~", "file:")) or "/" in first.partition("[")[0]
    return has_path_form or first.endswith(_ARCHIVE)


def _advice(text: str) -> str:
    single = re.match(r"^([\w.\-]+(?:\[[^\]]*\])?)=([^=].*)$", text.strip())
    if single:
        return f"In a pip list write `{single[1]}=={single[2]}`; a single `=` belongs to conda."
    return "Write it as `name==version`."
