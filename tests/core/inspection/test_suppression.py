from __future__ import annotations

import pytest

from mooring.inspection import (
    InvalidOptions,
    Options,
    inspect_entry_text,
    inspect_path,
    inspect_project,
    load_options,
)
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


@pytest.mark.parametrize(
    "table",
    ["selects = []", 'select = "ALL"', "ignore = [1]", "per-file-ignores = []", 'ignore = ["undefined-nam"]'],
)
def test_a_wrong_table_is_refused(project, table):
    with pytest.raises(InvalidOptions, match=r"tool\.mooring\.check"):
        write_table(project, table)


@pytest.mark.parametrize(
    "text", ["[tool]\nmooring = 3\n", "tool = 3\n", "[tool.mooring\n", "[tool.mooring]\nlog = 1\n"]
)
def test_what_others_write_into_pyproject_is_no_matter_of_ours(project, text):
    (project / "pyproject.toml").write_text(text)

    assert load_options(project) == Options()


def test_a_table_that_is_none_is_refused(project):
    (project / "pyproject.toml").write_text("[tool.mooring]\ncheck = 3\n")

    with pytest.raises(InvalidOptions, match="is 3, not a table"):
        load_options(project)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dc.yml", "computeType: aci\ncpuu: 1{}\nauthEnabled: true\n"),
        ("conda.yml", "dependencies:\n  - python=3.12\n  - pip:\n      - sklearn{}\n"),
        ("requirements.txt", "joblib\nsklearn{}\n"),
    ],
)
def test_comments_silence_in_configurations_and_environments_as_well(name, text, tmp_path):
    file = tmp_path / name
    file.write_text(text.format(""))
    (code,) = {finding.code for finding in inspect_project([file])}

    file.write_text(text.format(f"  # mooring: ignore[{code}]"))

    assert inspect_project([file]) == []


def test_ignoring_everything_leaves_nothing(tmp_path):
    (tmp_path / "dc.yml").write_text("computeType: aci\ncpuu: 1\nauthEnabled: true\n")

    assert inspect_project([tmp_path], options=Options(ignore=frozenset(["ALL"]))) == []
