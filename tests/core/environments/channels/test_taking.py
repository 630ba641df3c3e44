"""Conda packages without a twin on PyPI come from their channel, beside everything else from PyPI."""

import os
import subprocess

import pytest

from mooring.environments import check_environment, collect_garbage, find_garbage, realize, resolve
from mooring.environments.failures import SubstitutionRefused
from mooring.settings import Settings

pytestmark = pytest.mark.network


def run(ready, program):
    done = subprocess.run(
        [ready.python, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **ready.variables, "PATH": f"{ready.python.parent}:{os.environ['PATH']}"},
    )
    return done.stdout.strip()


def test_a_program_and_python_packages_of_both_sides_work_together(settings, from_yaml, conda_file):
    environment = from_yaml(
        conda_file("graphviz=2.50", "mooring_geo", pip=("python-dateutil==2.9.0", "Pygments"))
    )
    resolution = resolve(environment, settings=settings)
    ready = realize(resolution, settings=settings)

    assert [record.name for record in resolution.conda] == ["graphviz", "mooring_geo", "python", "six"]
    assert run(ready, "import subprocess; print(subprocess.check_output('dot', text=True))") == (
        f"drawn by {ready.path}/bin/dot, with plugins"
    )
    # PyPI has six 1.17, conda's mooring_geo wants 1.15: one six, for both sides
    assert run(ready, "import six, dateutil, mooring_geo; print(six.__version__)") == "1.15.0"
    assert run(ready, "import os; print(os.environ['GRAPHVIZ_HOME'])") == f"{ready.path}/share"
    pygmentize = subprocess.run([ready.path / "bin" / "pygmentize", "-V"], capture_output=True, check=True)
    assert pygmentize.stdout.startswith(b"Pygments")
    assert not ready.path.is_symlink()


def test_what_comes_from_where_is_told_with_its_place(settings, tmp_path, channel, conda_file):
    from mooring.environments import Environment

    path = tmp_path / "conda.yml"
    path.write_text(conda_file("graphviz", "mooring_geo"))
    environment = Environment.from_conda_specification("example", path)
    told = {f.data["package"]: f for f in resolve(environment, settings=settings).findings}

    assert told["graphviz"].code == told["mooring-geo"].code == "conda-package-from-channel"
    assert told["graphviz"].severity == "information"
    assert f"graphviz 2.50.0 comes from conda channel '{channel.url}'" in told["graphviz"].problem
    assert told["graphviz"].path == str(path)


def test_the_second_time_nothing_is_resolved_or_installed(settings, from_yaml, conda_file, channel):
    environment = from_yaml(conda_file("graphviz"))
    first = resolve(environment, settings=settings)
    realize(first, settings=settings)
    (channel.root / "noarch" / "repodata.json").unlink()
    again = resolve(environment, settings=settings)
    ready = realize(again, settings=settings)

    assert again.is_reused
    assert ready.reused
    assert again.digest == first.digest
    assert again.conda == first.conda
    assert [f.code for f in again.findings] == [f.code for f in first.findings]
    assert ready.variables["GRAPHVIZ_HOME"] == f"{ready.path}/share"


def test_another_file_of_the_channel_is_another_environment(
    settings, from_yaml, conda_file, channel, tmp_path
):
    before = resolve(from_yaml(conda_file("graphviz")), settings=settings)
    channel.add("graphviz", "2.50.0", files={"bin/dot": "#!/bin/sh\necho other\n"})
    other = Settings(home=tmp_path / "other", use_conda=True)

    assert resolve(from_yaml(conda_file("graphviz")), settings=other).digest != before.digest


def test_without_such_packages_nothing_changes(settings, from_yaml, conda_file, tmp_path):
    environment = from_yaml(conda_file("six=1.16"))
    plain = resolve(environment, settings=Settings(home=tmp_path / "plain"))
    resolution = resolve(environment, settings=settings)

    assert resolution.conda == ()
    assert resolution.digest == plain.digest


def test_images_and_those_who_do_not_ask_leave_them_out(settings, from_yaml, conda_file, tmp_path):
    environment = from_yaml(conda_file("graphviz"))
    off = Settings(home=tmp_path / "off")
    for resolution in (
        resolve(environment, settings=settings, portable=True),
        resolve(environment, settings=off),
    ):
        (finding,) = resolution.findings

        assert resolution.conda == ()
        assert finding.code == "conda-package-without-twin"
        assert "extraDockerfileSteps" in finding.remedy
        assert "use_conda" in finding.remedy


def test_strict_environments_have_nothing_to_refuse(settings, from_yaml, conda_file, tmp_path):
    environment = from_yaml(conda_file("graphviz"))

    assert resolve(environment, settings=settings, strict=True).conda
    with pytest.raises(SubstitutionRefused):
        resolve(environment, settings=Settings(home=tmp_path / "off"), strict=True)


def test_a_check_says_it_before_anything_is_fetched(from_yaml, conda_file, channel):
    environment = from_yaml(conda_file("graphviz"))
    (taken,) = check_environment(environment, use_conda=True)
    (left_out,) = check_environment(environment, use_conda=False)

    assert (taken.code, taken.severity) == ("conda-package-from-channel", "information")
    assert channel.url in taken.problem
    assert (left_out.code, left_out.severity) == ("conda-package-without-twin", "warning")


def test_unused_environments_with_conda_packages_are_garbage_too(settings, from_yaml, conda_file):
    ready = realize(resolve(from_yaml(conda_file("graphviz")), settings=settings), settings=settings)

    assert find_garbage(settings) == []
    assert [entry.path for entry in collect_garbage(settings, used=[])] == [ready.path]
    assert not ready.path.exists()
