"""One ignore file decides what stays out of the image; the entry script never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from mooring.images.context import code_files
from mooring.images.ignoring import read_ignore_rules


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "app" / "src"
    for name in (
        "score.py",
        "notes.csv",
        "deep/notes.csv",
        "deep/keep.txt",
        ".git/config",
        "__pycache__/x.pyc",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def names(source: Path, entry: str = "src/score.py") -> set[str]:
    found = {
        Path(file.name).relative_to("var/azureml-app/src")
        for file in code_files(source.parent, "src", entry).files
    }
    return {path.as_posix() for path in found if not path.name.endswith("ignore")}


def test_without_an_ignore_file_all_but_caches_and_history_goes_in(source: Path) -> None:
    assert names(source) == {"score.py", "notes.csv", "deep/notes.csv", "deep/keep.txt"}


def test_amlignore_comes_before_dockerignore_and_that_before_gitignore(source: Path) -> None:
    for name in (".gitignore", ".dockerignore", ".amlignore"):
        (source / name).write_text("")

        assert read_ignore_rules(source).file == name


def test_git_patterns_hold_at_every_depth(source: Path) -> None:
    (source / ".gitignore").write_text("*.csv\n")

    assert names(source) == {"score.py", "deep/keep.txt"}


def test_docker_patterns_begin_at_the_top(source: Path) -> None:
    (source / ".dockerignore").write_text("# comment\n*.csv\n")

    assert names(source) == {"score.py", "deep/notes.csv", "deep/keep.txt"}


def test_an_exception_brings_a_file_back(source: Path) -> None:
    (source / ".dockerignore").write_text("**/*.csv\n!deep/notes.csv\n")

    assert names(source) == {"score.py", "deep/notes.csv", "deep/keep.txt"}


def test_the_entry_script_is_never_left_out(source: Path) -> None:
    (source / ".amlignore").write_text("*\n")

    assert names(source) == {"score.py"}


def test_how_many_files_were_left_out_is_told(source: Path) -> None:
    (source / ".gitignore").write_text("*.csv\n")

    found = code_files(source.parent, "src", "src/score.py")

    assert (found.left_out, found.ignore_file) == (2, ".gitignore")


def test_models_are_no_part_of_the_code(tmp_path: Path) -> None:
    for name in ("score.py", "main.py", "azureml-models/m/1/model.pkl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)

    found = code_files(tmp_path, "", "score.py")

    assert [file.name for file in found.files] == ["var/azureml-app/main.py", "var/azureml-app/score.py"]
