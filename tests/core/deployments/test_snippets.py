"""Programs that ask a service: they run, and hold no key."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from mooring.configs import ProcessDeploymentConfig
from mooring.deployments.snippets import LANGUAGES

ODD = {"data": [["it's", 'a "quoted" \\ one', '"""', "'''", ")-'", "$HOME", "`x`", "${y}", "é😀"]], "n": None}
RUN = {
    "python": [sys.executable, "{file}"],
    "javascript": ["node", "{file}"],
    "curl": ["sh", "{file}"],
    "java": ["java", "{file}"],
    "r": ["Rscript", "{file}"],
}


@pytest.fixture
def odd_sample(workspace, tmp_path):
    (tmp_path / "odd.pkl").write_text("odd")
    workspace.models.register(tmp_path / "odd.pkl", "odd", sample_input=ODD)
    return "odd:1"


@pytest.fixture
def by_language(desk, inference, odd_sample):
    desk.deploy("scorer", [odd_sample], inference, ProcessDeploymentConfig(auth_enabled=True))
    return {snippet.language: snippet for snippet in desk.snippets("scorer")}


def test_each_language_has_the_address_and_reads_the_key_from_a_variable(desk, by_language):
    keys = desk.keys("scorer")

    assert tuple(by_language) == LANGUAGES
    for snippet in by_language.values():
        assert desk.get("scorer").scoring_uri in snippet.text
        assert "SERVICE_KEY" in snippet.text
        assert "mooring service get-keys -n scorer -o primary" in snippet.text
        assert keys.primary not in snippet.text
        assert keys.secondary not in snippet.text


@pytest.mark.parametrize("language", list(RUN))
def test_a_program_runs_and_sends_the_sample_as_it_is(desk, by_language, target, tmp_path, language):
    command = RUN[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    received: list[object] = []
    target.answer = lambda _release, body: (received.append(json.loads(body)), (200, {"ok": "yes"}))[1]
    file = tmp_path / by_language[language].file_name
    file.write_text(by_language[language].text, encoding="utf-8")

    done = subprocess.run(
        [word.format(file=file) for word in command],
        env={**os.environ, "SERVICE_KEY": desk.keys("scorer").primary, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert "yes" in done.stdout, done.stderr
    assert received == [ODD]


def test_an_open_service_needs_no_key_and_a_token_service_says_token(desk, inference):
    desk.deploy("open", [], inference)
    desk.deploy("tokened", [], inference, ProcessDeploymentConfig(token_auth_enabled=True))

    assert all("SERVICE_" not in snippet.text for snippet in desk.snippets("open"))
    assert all("SERVICE_TOKEN" in snippet.text for snippet in desk.snippets("tokened"))
    assert all("Put your own request in" in snippet.text for snippet in desk.snippets("open"))


def test_a_long_sample_is_shown_by_its_first_rows(desk, inference, workspace, tmp_path):
    (tmp_path / "long.pkl").write_text("long")
    workspace.models.register(tmp_path / "long.pkl", "long", sample_input={"data": [[0.125] * 10] * 500})
    desk.deploy("scorer", ["long:1"], inference)

    assert all(len(snippet.text) < 2500 for snippet in desk.snippets("scorer"))
