"""Which files of a source directory stay out of the image.

One file at the top of the source directory says it: `.amlignore`; without it `.dockerignore`; without that
`.gitignore`. The first found is the only one that counts, as in v1; files of that name deeper down are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IGNORE_FILES = (".amlignore", ".dockerignore", ".gitignore")
_NEVER = (".git/", "__pycache__/", "*.pyc", ".ipynb_checkpoints/", ".DS_Store")


@dataclass(frozen=True)
class IgnoreRules:
    """What an ignore file asks for.

    Attributes:
        file: Name of the file the rules come from; empty when there is none.
    """

    file: str
    _spec: Any

    def leaves_out(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether a path, relative to the source directory and with forward slashes, stays out."""
        return bool(self._spec.match_file(f"{path}/" if is_folder else path))


def read_ignore_rules(source: Path) -> IgnoreRules:
    """The rules that hold for a source directory.

    Raises:
        OSError: The ignore file can't be read.
    """
    import pathspec

    name = next((each for each in IGNORE_FILES if (source / each).is_file()), "")
    lines = (source / name).read_text(encoding="utf-8", errors="replace").splitlines() if name else []
    if name == ".dockerignore":
        lines = [_as_git_line(line) for line in lines]
    return IgnoreRules(name, pathspec.GitIgnoreSpec.from_lines([*lines, *_NEVER]))


def _as_git_line(line: str) -> str:
    """Docker's patterns begin at the top: `*.csv` means those of the top folder, where git means all."""
    text = line.strip()
    if not text or text.startswith("#"):
        return ""
    sign, pattern = ("!", text[1:]) if text.startswith("!") else ("", text)
    pattern = pattern.strip().removeprefix("./").lstrip("/")
    return f"{sign}/{pattern}"


def kept_files(source: Path, rules: IgnoreRules, *, always: str = "") -> Iterator[tuple[str, Path]]:
    """The files that go into the image, as path relative to `source` and file, in no particular order.

    Args:
        source: The source directory.
        rules: Of that directory.
        always: Relative path of a file that is kept whatever the rules say: the entry script.
    """
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if path.is_file() and (name == always or not rules.leaves_out(name)):
            yield name, path
