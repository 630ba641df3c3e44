"""Every rule's page is true: its bad example has the mistake, its good one has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mooring.inspection import RULES, EnvironmentFacts, Options, inspect_entry_text, inspect_project
from mooring.inspection.catalog import CHECKS, SCRIPT_RULES
from mooring.inspection.pages import render_index, render_page

DOCS = Path(__file__).parents[3] / "docs" / "rules"
WITH_SCRIPT = [rule for rule in SCRIPT_RULES.values() if rule.bad]
WITH_FILES = [
    rule
    for rule in RULES.values()
    if rule.code in {"package-missing", "module-not-shipped", "azureml-defaults-missing", "workspace-config"}
    or (rule.subject in {"config", "environment"} and rule.bad)
]


def codes_in(rule, example):
    facts = EnvironmentFacts.of(
        rule.example_packages,
        python=next((name for name in rule.example_packages if name.startswith("python=")), ""),
    )
    found = inspect_entry_text(example, environment=facts, options=Options(select=frozenset([rule.code])))
    return [finding.code for finding in found]


@pytest.mark.parametrize("rule", WITH_SCRIPT, ids=lambda rule: rule.code)
def test_the_bad_example_has_this_mistake_and_no_other(rule):
    assert codes_in(rule, rule.bad) == [rule.code]


@pytest.mark.parametrize("rule", WITH_SCRIPT, ids=lambda rule: rule.code)
def test_the_good_example_has_no_finding(rule):
    assert codes_in(rule, rule.good) == []


def write_files(folder, example):
    """Files written one after another, each below a comment with its name."""
    parts = re.split(r"^# (\S+\.\w+)\n", example, flags=re.MULTILINE)[1:]
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize("rule", WITH_FILES, ids=lambda rule: rule.code)
@pytest.mark.parametrize("kind", ["bad", "good"])
def test_examples_of_several_files_are_true_as_well(rule, kind, tmp_path):
    write_files(tmp_path, getattr(rule, kind))

    found = [finding.code for finding in inspect_project([tmp_path])]

    assert (rule.code in found) == (kind == "bad"), found


def test_every_rule_has_its_page_and_no_page_is_left_over():
    expected = {f"{rule.code}.md": render_page(rule) for rule in RULES.values()} | {
        "README.md": render_index()
    }

    pages = {file.name: file.read_text(encoding="utf-8") for file in DOCS.glob("*.md")}

    assert pages == expected, "run: python -m mooring.inspection.pages docs/rules"


def test_whatever_is_found_can_be_explained():
    workspaces = Path(__file__).parents[2] / "workspaces"

    codes = {finding.code for finding in inspect_project([workspaces])}

    assert len(codes) > 10
    assert codes <= RULES.keys()


def test_codes_are_words_with_dashes_and_titles_end_without_a_stop():
    for rule in RULES.values():
        assert re.fullmatch(r"[a-z\d]+(-[a-z\d]+)*", rule.code)
        assert not rule.title.endswith(".")
        assert rule.why.endswith(".")


def test_there_are_more_than_thirty_rules_and_each_belongs_to_one_check():
    owned = [rule.code for check in CHECKS for rule in check.rules]

    assert len(RULES) > 30
    assert len(owned) == len(set(owned))
