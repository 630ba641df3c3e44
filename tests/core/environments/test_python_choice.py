"""Which Python a service gets."""

import sys
from pathlib import Path

import pytest

from mooring.environments.failures import PythonNotAvailable
from mooring.environments.python_choice import choose_python
from mooring.environments.pythons import find_python, get_python, list_pythons, probe_python

RUNNING = "{}.{}".format(*sys.version_info[:2])


@pytest.mark.parametrize(
    ("specifier", "hint", "chosen"),
    [
        ("==3.9.*", "3.12.1", "3.9"),
        ("==3.9.7.*", None, "3.9"),
        (">=3.6", "3.10.4", "3.10"),
        (">=3.6,<3.9", "3.12.1", "3.8"),
        ("", "3.12.1", "3.12"),
        ("", "3.7.1", RUNNING),
    ],
)
def test_the_python_that_fits_is_chosen(specifier, hint, chosen):
    choice = choose_python(specifier, hint)

    assert choice.minor == chosen
    assert not choice.is_substituted


@pytest.mark.parametrize(
    ("specifier", "asked", "used"),
    [
        ("==3.6.2.*", "3.6.2", "3.8"),
        ("==2.7.*", "2.7", "3.8"),
        ("==3.7.*", "3.7", "3.8"),
        ("==3.14.*", "3.14", "3.13"),
    ],
)
def test_a_python_that_cannot_serve_gives_way_to_the_nearest(specifier, asked, used):
    choice = choose_python(specifier, None)
    (finding,) = choice.findings

    assert choice.minor == used
    assert finding.code == "python-substituted"
    assert finding.data == {"asked": asked, "used": used}


def test_the_running_python_is_found():
    assert probe_python(find_python(RUNNING)) == RUNNING


def test_a_broken_interpreter_is_passed_over(tmp_path, monkeypatch):
    shim = tmp_path / "python3.9"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.9: command not found' >&2; exit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_python("3.9") != shim


def test_pyenvs_pythons_are_found_without_its_shims(tmp_path, monkeypatch):
    folder = tmp_path / "versions" / f"{RUNNING}.99" / "bin"
    folder.mkdir(parents=True)
    (folder / f"python{RUNNING}").symlink_to(find_python(RUNNING))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "version_info", (3, 2, 0))

    assert find_python(RUNNING) == folder / f"python{RUNNING}"


def test_a_python_that_is_not_to_be_had_names_those_that_are(monkeypatch, tmp_path):
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path))
    monkeypatch.setenv("UV_OFFLINE", "1")

    with pytest.raises(PythonNotAvailable, match=RUNNING) as caught:
        get_python("3.5")

    assert caught.value.found == list_pythons()
    assert "3.5" in caught.value.problem


def test_a_python_is_named_by_a_real_path():
    assert isinstance(find_python(RUNNING), Path)
    assert find_python("3.2") is None
