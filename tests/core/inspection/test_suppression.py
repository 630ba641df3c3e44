from __future__ import annotations

import pytest

from mooring.inspection import InvalidOptions, Options, inspect_entry_text, inspect_path, load_options
from mooring.inspection.files import find_files

TEXT = "import os{a}\n\n\ndef init():\n    print(unknown){b}\n\n\ndef run(raw_data):\n    return raw_data\n"


def codes(a="", b="", options=None):
    text = TEXT.format(a=a, b=b)
    return [finding.code for finding in inspect_entry_text(text, options=options or Options())]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("", "  # mooring: ignore[undefined-name]"),
        ("", "  # mooring: ignore"),
        ("", "  # noqa  # mooring: ignore[other, undefined-name] because"),
        ("\n# mooring: ignore-file[undefined-name]", ""),
        ("\n# mooring: ignore-file", ""),
    ],
)
def test_a_comment_silences(a, b):
    assert codes(a, b) == []


@pytest.mark.parametrize(
    ("a", "b"), [("", ""), ("  # mooring: ignore", ""), ("", "  # mooring: ignore[other]"), ("", "  # noqa")]
)
def test_other_comments_do_not(a, b):
    assert codes(a, b) == ["undefined-name"]


def test_rules_that_are_off_are_found_when_asked_for():
    text = "def init():\n    pass\n\n\ndef run(raw_data):\n    try:\n        return raw_data\n    except Exception:\n        return 'x'\n"

    assert inspect_entry_text(text) == []
    for asked in ("exception-returned", "ALL"):
        found = inspect_entry_text(text, options=Options(select=frozenset([asked])))
        assert [finding.code for finding in found] == ["exception-returned"]


def test_ignored_codes_are_not_reported():
    assert codes(options=Options(ignore=frozenset(["undefined-name"]))) == []


@pytest.fixture
def project(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "score.py").write_text(TEXT.format(a="", b=""))
    return tmp_path


def write_table(project, table):
    (project / "pyproject.toml").write_text(f"[tool.other]\nx = 1\n[tool.mooring.check]\n{table}\n")
    return load_options(project / "src" / "score.py")


def test_pyproject_says_which_rules_count_where(project):
    script = project / "src" / "score.py"

    assert inspect_path(script, options=write_table(project, 'ignore = ["undefined-name"]')) == []
    assert (
        inspect_path(
            script, options=write_table(project, '[tool.mooring.check.per-file-ignores]\n"src/*" = ["ALL"]')
        )
        == []
    )
    assert (
        inspect_path(
            script, options=write_table(project, '[tool.mooring.check.per-file-ignores]\n"lib/*" = ["ALL"]')
        )
        != []
    )


def test_excluded_folders_are_left_alone(project):
    assert list(find_files([project], write_table(project, 'exclude = ["src"]'))) == []
    assert [file.name for file in find_files([project], write_table(project, 'exclude = ["lib"]'))] == [
        "score.py"
    ]


def test_without_a_table_the_defaults_count(project):
    assert load_options(project) == Options()


@pytest.mark.parametrize("table", ["selects = []", 'select = "ALL"', "ignore = [1]", "per-file-ignores = []"])
def test_a_wrong_table_is_refused(project, table):
    with pytest.raises(InvalidOptions, match=r"tool\.mooring\.check"):
        write_table(project, table)
