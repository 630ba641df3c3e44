"""Every verb explains itself, and the reference page says the same."""

from pathlib import Path

import pytest

from mooring.cli.app import command
from mooring.cli.nouns import NOUNS
from mooring.cli.reference import render_reference

ROOT = Path(__file__).parents[3]


def verbs():
    for noun in NOUNS:
        here = command().get_command(None, noun)
        if not hasattr(here, "list_commands"):
            yield (noun,)
            continue
        for verb in here.list_commands(None):
            yield (noun, verb)


@pytest.mark.parametrize("words", list(verbs()), ids=" ".join)
def test_help_has_examples_that_begin_with_the_verb(mooring, words):
    ran = mooring(*words, "--help")

    assert ran.exit_code == 0
    assert f"Examples:\n    mooring {' '.join(words)}" in ran.out


@pytest.mark.parametrize("words", list(verbs()), ids=" ".join)
def test_no_two_flags_of_a_verb_share_a_name(words):
    here = command()
    for word in words:
        here = here.get_command(None, word)
    names = [name for parameter in here.callback.parameters for name in parameter.flag.names]

    assert len(names) == len(set(names))


def test_mooring_alone_shows_what_there_is(mooring):
    ran = mooring()

    assert ran.exit_code == 0
    assert all(noun in ran.out for noun in NOUNS)


def test_a_noun_alone_shows_its_verbs(mooring):
    ran = mooring("model")

    assert ran.exit_code == 0
    assert "register" in ran.out


def test_the_version_is_shown(mooring):
    import mooring as package

    assert mooring("--version").out == f"mooring {package.__version__}\n"


def test_the_reference_page_is_what_the_application_says():
    told = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")

    assert told == render_reference(), "run: python -m mooring.cli.reference docs/cli.md"
