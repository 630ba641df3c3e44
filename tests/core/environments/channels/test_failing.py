"""What conda's channels can't give has one cause and one remedy, and no secret in it."""

import json
import platform
import sys

import pytest

from mooring.environments import realize, resolve
from mooring.environments.channels.sources import read_channels
from mooring.environments.failures import (
    CondaExtraMissing,
    InstallationFailed,
    InvalidEnvironment,
    ResolutionFailed,
)

pytestmark = pytest.mark.network


def failure(settings, environment):
    with pytest.raises(ResolutionFailed) as caught:
        resolve(environment, settings=settings)
    return caught.value


def test_a_name_that_nobody_has(settings, from_yaml, conda_file, channel):
    error = failure(settings, from_yaml(conda_file("graphviz", "mooring-gee")))

    assert error.kind == "package-not-found"
    assert f"Neither PyPI nor conda channels {channel.url} have a package 'mooring-gee'" in error.problem
    assert "Correct the name" in error.remedy


def test_without_the_library_the_extra_is_named(settings, from_yaml, conda_file, monkeypatch):
    monkeypatch.setitem(sys.modules, "rattler", None)
    with pytest.raises(CondaExtraMissing) as caught:
        resolve(from_yaml(conda_file("graphviz")), settings=settings)

    assert "'graphviz'" in caught.value.problem
    assert 'pip install "mooring[conda]"' in caught.value.remedy


def test_a_file_that_the_channel_has_no_more(settings, from_yaml, conda_file, channel, leftovers):
    resolution = resolve(from_yaml(conda_file("graphviz")), settings=settings)
    next(channel.root.rglob("graphviz*")).unlink()
    with pytest.raises(InstallationFailed, match=r"no longer has graphviz-2\.50\.0-0\.tar\.bz2"):
        realize(resolution, settings=settings)

    assert leftovers() == []


def test_a_version_that_is_not_there(settings, from_yaml, conda_file, channel):
    channel.add("graphviz", "8.1.0")
    error = failure(settings, from_yaml(conda_file("graphviz=9.3")))

    assert error.kind == "version-not-found"
    assert "they have 2.50.0, 8.1.0" in error.problem


def test_a_python_that_is_not_there(settings, from_yaml, channel):
    other = "3.10" if platform.python_version().startswith("3.9") else "3.9"
    text = json.dumps({"channels": [channel.url], "dependencies": [f"python={other}", "graphviz"]})
    error = failure(settings, from_yaml(text))

    assert f"have no Python {other}" in error.problem
    assert "conda-forge" in error.remedy


def test_what_pip_is_asked_for_binds_conda_too(settings, from_yaml, conda_file):
    error = failure(settings, from_yaml(conda_file("graphviz", "mooring_geo", pip=("six==1.16.0",))))

    assert error.kind == "conflict"
    assert "six" in error.problem
    assert "mooring_geo" in error.problem
    assert "pip list" in error.remedy


def test_a_channel_that_is_not_there(settings, from_yaml, conda_file, tmp_path):
    error = failure(settings, from_yaml(conda_file("graphviz", channels=(str(tmp_path / "nowhere"),))))

    assert error.kind == "channel-not-found"
    assert str(tmp_path / "nowhere") in error.problem


def test_a_host_that_does_not_answer(settings, from_yaml, conda_file):
    error = failure(settings, from_yaml(conda_file("graphviz", channels=("http://127.0.0.1:9/channel",))))

    assert error.kind == "network"
    assert error.problem == "http://127.0.0.1:9/channel can't be reached."


def test_an_entry_that_means_nothing_to_conda(settings, from_yaml, conda_file):
    error = failure(settings, from_yaml(conda_file("graphviz=>>2")))

    assert error.kind == "invalid"


@pytest.mark.parametrize("over", ["file", "http"])
def test_a_file_that_is_not_the_locked_one_is_refused(
    settings, from_yaml, conda_file, channel, server, leftovers, over
):
    url = {"file": channel.url, "http": f"http://{server.address}/open"}[over]
    resolution = resolve(from_yaml(conda_file("graphviz", channels=(url,))), settings=settings)
    channel.add("graphviz", "2.50.0", files={"bin/dot": "#!/bin/sh\necho forged\n"})

    with pytest.raises(
        InstallationFailed, match=r"graphviz-2\.50\.0-0\.tar\.bz2 differs from the one that was locked"
    ) as caught:
        realize(resolution, settings=settings)

    assert caught.value.kind == "hash-mismatch"
    assert leftovers() == []


@pytest.mark.parametrize("way", ["password", "token"])
def test_credentials_open_a_channel_and_are_seen_nowhere(settings, from_yaml, conda_file, server, way):
    user, password = server.LOGIN
    url = {
        "password": f"http://{user}:{password}@{server.address}",
        "token": f"http://{server.address}/t/{server.TOKEN}/open",
    }[way]
    told = []
    environment = from_yaml(conda_file("graphviz", channels=(url,)))
    resolution = resolve(environment, settings=settings, progress=lambda *words: told.append(words))
    ready = realize(resolution, settings=settings, progress=lambda *words: told.append(words))
    kept = [path for path in settings.home.rglob("*") if path.is_file() and not path.is_symlink()]

    assert ready.variables["GRAPHVIZ_HOME"]
    assert [path for path in kept if b"s3cr3t" in path.read_bytes()] == []
    assert "s3cr3t" not in repr((resolution, resolution.lock_text, resolution.findings, told))


def test_refused_credentials_say_so_without_showing_them(settings, from_yaml, conda_file, server):
    url = f"http://keeper:s3cr3t-wrong@{server.address}/channel"
    error = failure(settings, from_yaml(conda_file("graphviz", channels=(url,))))

    assert error.kind == "credentials"
    assert "s3cr3t" not in json.dumps(error.to_dict())


def test_credentials_may_come_from_variables(settings, from_yaml, conda_file, server, monkeypatch):
    url = f"http://${{CHANNEL_USER}}:${{CHANNEL_PASSWORD}}@{server.address}"
    with pytest.raises(InvalidEnvironment, match="CHANNEL_USER, which is not set"):
        resolve(from_yaml(conda_file("graphviz", channels=(url,))), settings=settings)
    monkeypatch.setenv("CHANNEL_USER", server.LOGIN[0])
    monkeypatch.setenv("CHANNEL_PASSWORD", server.LOGIN[1])

    assert resolve(from_yaml(conda_file("graphviz", channels=(url,))), settings=settings).conda


def test_names_of_channels_become_addresses(tmp_path, monkeypatch):
    def urls(*entries):
        channels = read_channels(entries, base_dir=tmp_path, subject="Conda file")
        return [url for channel in channels.listed for url in channel.urls]

    assert urls() == ["https://conda.anaconda.org/conda-forge"]
    assert urls("nodefaults", "bioconda", "conda-forge/label/dev") == [
        "https://conda.anaconda.org/bioconda",
        "https://conda.anaconda.org/conda-forge/label/dev",
    ]
    assert urls("defaults") == ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"]
    assert urls("./own") == [(tmp_path / "own").as_uri()]
    monkeypatch.setenv("CONDA_CHANNEL_ALIAS", "https://mirror.example/conda/")
    assert urls("bioconda") == ["https://mirror.example/conda/bioconda"]


def test_two_accounts_on_one_host_are_refused(tmp_path):
    with pytest.raises(InvalidEnvironment, match=r"host 'conda\.example' have different credentials"):
        read_channels(
            ["https://a:b@conda.example/one", "https://c:d@conda.example/two"],
            base_dir=tmp_path,
            subject="Conda file",
        )
