"""What the shell offers after Tab."""

import pytest

from mooring.cli.words import complete_words


@pytest.fixture
def diabetes(mooring, work):
    (work / "ridge.pkl").write_bytes(b"x")
    for _ in range(2):
        mooring("model", "register", "-n", "diabetes", "-p", "ridge.pkl")


def in_bash(mooring_process, *words, cword=None):
    """As bash calls it; it takes a colon for a word of its own."""
    ran = mooring_process(
        _MOORING_COMPLETE="complete_bash",
        COMP_WORDS="\n".join(words),
        COMP_CWORD=str(len(words) - 1 if cword is None else cword),
    )
    return ran.out.split()


def test_nouns_and_verbs(mooring_process):
    assert in_bash(mooring_process, "mooring", "mo") == ["model"]
    assert in_bash(mooring_process, "mooring", "service", "get-l") == ["get-logs"]


def test_registered_names_and_versions(mooring_process, diabetes):
    assert in_bash(mooring_process, "mooring", "model", "show", "-n", "d") == ["diabetes"]
    assert in_bash(mooring_process, "mooring", "model", "deploy", "-m", "dia") == ["diabetes"]


def test_versions_after_the_colon_are_offered_without_what_bash_has_already(mooring_process, diabetes):
    assert sorted(in_bash(mooring_process, "mooring", "model", "show", "-i", "diabetes", ":")) == ["1", "2"]
    assert in_bash(mooring_process, "mooring", "model", "show", "-i", "diabetes", ":", "2") == ["2"]


def test_completion_never_fails(mooring_process, home):
    """A Tab key must not print a traceback into the prompt."""
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text("this is no toml")

    assert in_bash(mooring_process, "mooring", "model", "show", "-n", "d") == []


def test_words_for_callers_that_are_no_shell(mooring, diabetes):
    assert complete_words([], "mod") == ["model"]
    assert complete_words(["model"], "reg") == ["register"]
    assert "--inference-config-file" in complete_words(["model", "deploy"], "--inf")
    assert complete_words(["model", "list", "-o"], "j") == ["json", "jsonc"]
    assert complete_words(["model", "show", "-i"], "diabetes:") == ["diabetes:2", "diabetes:1"]
    assert complete_words(["model", "register", "-p"], "") == []
    assert complete_words(["nonsense"], "") == []
