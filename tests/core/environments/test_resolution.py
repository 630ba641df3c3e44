"""Resolving real specifications against the real index."""

from types import SimpleNamespace

import pytest

from mooring.environments import Environment, resolve
from mooring.environments.failures import (
    InterpreterUnusable,
    PythonNotAvailable,
    ResolutionFailed,
    SubstitutionRefused,
)


def versions(resolution):
    return dict(requirement.split()[0].split("==") for requirement in resolution.requirements)


def codes(resolution):
    return [finding.code for finding in resolution.findings]


@pytest.mark.network
def test_an_asset_of_2019_resolves_to_the_nearest_that_works(settings, asset_of_2019):
    resolution = resolve(asset_of_2019, settings=settings)
    used = {finding.data.get("asked"): finding.data.get("used") for finding in resolution.substitutions}

    assert resolution.python_version == "3.8"
    assert used == {"3.6.2": "3.8", "scikit-learn==0.20.0": "0.22.2.post1"}
    assert versions(resolution)["numpy"].startswith("1.19.")
    assert "azureml-package-replaced" in codes(resolution)
    assert all("--hash=sha256:" in requirement for requirement in resolution.requirements)


@pytest.mark.network
def test_a_known_resolution_needs_no_network_and_no_uv(settings, from_pip, monkeypatch):
    environment = from_pip("six==1.16.0")
    first = resolve(environment, settings=settings)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("UV_OFFLINE", "1")
    second = resolve(environment, settings=settings)

    assert (second.digest, second.findings, second.is_reused) == (first.digest, first.findings, True)


@pytest.mark.network
def test_strict_refuses_with_the_same_list(settings, asset_of_2019):
    with pytest.raises(SubstitutionRefused, match=r"Python 3\.6\.2") as caught:
        resolve(asset_of_2019, settings=settings, strict=True)

    assert [finding.code for finding in caught.value.findings] == ["python-substituted", "pin-substituted"]


@pytest.mark.network
def test_the_setting_makes_every_resolution_strict(tmp_path, from_pip):
    from mooring.settings import Settings

    with pytest.raises(SubstitutionRefused):
        resolve(from_pip("six", python="3.7"), settings=Settings(home=tmp_path, strict_environments=True))


@pytest.mark.network
def test_an_unknown_package_is_named_with_a_suggestion(settings, from_pip):
    with pytest.raises(ResolutionFailed, match="did you mean 'scikit-learn'") as caught:
        resolve(from_pip("scikit-lern==0.22.2"), settings=settings)

    assert caught.value.kind == "package-not-found"


@pytest.mark.network
def test_an_unknown_conda_package_is_left_out_with_advice(settings, from_yaml):
    environment = from_yaml("dependencies: [python=3.11, six, mooring-no-such-conda-package=1.0]")

    resolution = resolve(environment, settings=settings)

    assert [finding.code for finding in resolution.substitutions] == ["conda-package-without-twin"]
    assert "six" in versions(resolution)


@pytest.mark.network
def test_a_conflict_of_the_users_own_making_is_an_error(settings, from_pip):
    with pytest.raises(ResolutionFailed, match=r"pandas==2.0.3 depends on numpy>=1.20.3") as caught:
        resolve(from_pip("pandas==2.0.3", "numpy==1.19.5", python="3.8"), settings=settings)

    assert caught.value.kind == "conflict"
    assert "numpy" in caught.value.packages


@pytest.mark.network
def test_a_pin_newer_than_the_python_falls_back_to_the_newest_below(settings, from_pip):
    resolution = resolve(from_pip("pandas==2.2.0", python="3.8"), settings=settings)

    assert versions(resolution)["pandas"] == "2.0.3"


@pytest.mark.network
def test_a_local_version_suffix_gives_way_to_the_public_release(settings, from_pip):
    resolution = resolve(from_pip("six==1.16.0+cpu"), settings=settings)

    assert versions(resolution)["six"] == "1.16.0"
    assert codes(resolution) == ["pin-substituted"]


@pytest.mark.network
def test_a_package_without_any_wheel_is_built_and_said_so(settings, from_pip):
    resolution = resolve(from_pip("docopt==0.6.2"), settings=settings)

    assert versions(resolution)["docopt"] == "0.6.2"
    assert codes(resolution) == ["built-from-source"]


@pytest.mark.network
def test_undeclared_bounds_of_old_releases_are_kept(settings, from_pip):
    resolution = resolve(from_pip("flask==1.0.3", python="3.8"), settings=settings)
    found = versions(resolution)

    assert found["flask"] == "1.0.3"
    assert found["jinja2"].startswith("3.0.")
    assert found["markupsafe"].startswith("2.0.")
    assert "dependency-held-back" in codes(resolution)


@pytest.mark.network
def test_what_the_user_pins_is_never_held_back_nor_moved_by_the_scoring_server(settings, from_pip):
    resolution = resolve(
        from_pip("PyJWT==1.7.1", "jinja2==3.1.2", "flask==1.0.3", python="3.8"), settings=settings
    )
    found = versions(resolution)

    assert (found["pyjwt"], found["jinja2"], found["flask"]) == ("1.7.1", "3.1.2", "1.0.3")
    assert "orjson" in found


@pytest.mark.network
def test_what_only_the_scoring_server_wants_gives_way_to_the_users_packages(settings, from_pip):
    resolution = resolve(from_pip("msal==1.0.0"), settings=settings)

    assert versions(resolution)["pyjwt"].startswith("1.")
    assert codes(resolution) == ["scoring-package-left-out"]


@pytest.mark.network
def test_a_requirement_for_another_python_is_no_substitution(settings, from_pip):
    resolution = resolve(
        from_pip("dataclasses==0.6; python_version < '3.7'", "six==1.16.0+gone"), settings=settings
    )

    assert "dataclasses" not in versions(resolution)
    assert codes(resolution) == ["pin-substituted"]


@pytest.mark.network
def test_the_lock_of_the_same_packages_is_the_same_environment(settings, from_pip):
    one = resolve(from_pip("six==1.16.0"), settings=settings)
    other = resolve(from_pip("azureml-defaults", "six==1.16.0"), settings=settings)

    assert one.digest == other.digest


def test_an_unreachable_index_is_one_plain_sentence_without_its_password(settings, from_pip, monkeypatch):
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    environment = from_pip("--index-url http://me:hush@127.0.0.1:9/simple", "six")

    with pytest.raises(ResolutionFailed, match="can't be reached") as caught:
        resolve(environment, settings=settings)

    assert caught.value.kind == "network"
    assert "hush" not in str(caught.value.to_dict())


def test_pips_index_is_used(settings, from_pip, monkeypatch):
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/pips-own")

    with pytest.raises(ResolutionFailed, match="pips-own"):
        resolve(from_pip("six"), settings=settings)


def test_offline_with_an_empty_cache_says_so(settings, from_pip, monkeypatch, tmp_path):
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))

    with pytest.raises(ResolutionFailed) as caught:
        resolve(from_pip("six"), settings=settings)

    assert caught.value.kind == "offline"


def test_a_python_that_is_not_to_be_had_stops_before_any_package(settings, from_pip, monkeypatch, tmp_path):
    for name in ("PYENV_ROOT", "UV_PYTHON_INSTALL_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("UV_OFFLINE", "1")

    with pytest.raises(PythonNotAvailable, match=r"3\.9"):
        resolve(from_pip("six", python="3.9"), settings=settings)


def test_user_managed_uses_the_interpreter_as_it_is(settings, tmp_path):
    import sys

    environment = Environment("mine")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = sys.executable
    resolution = resolve(environment, settings=settings)

    assert (resolution.source, resolution.interpreter) == ("user-managed", sys.executable)
    environment.python.interpreter_path = str(tmp_path / "python")
    with pytest.raises(InterpreterUnusable, match="not there"):
        resolve(environment, settings=settings)


def test_for_an_image_a_user_managed_interpreter_is_only_named(settings):
    environment = Environment.from_docker_image("x", "mine:1")

    assert resolve(environment, settings=settings, portable=True).interpreter == "python"


def test_without_an_environment_a_python_that_has_the_models_packages_is_used(settings):
    import importlib.metadata

    packages = {"PyYAML": importlib.metadata.version("PyYAML")}
    model = SimpleNamespace(id="m:1", packages=packages, framework=None, python_version=None)

    assert resolve(None, settings=settings, models=[model]).is_user_managed


@pytest.mark.network
def test_without_an_environment_the_models_packages_are_taken_otherwise(settings):
    model = SimpleNamespace(id="m:1", packages={"six": "1.15.0"}, framework=None, python_version="3.11.2")
    resolution = resolve(None, settings=settings, models=[model])

    assert versions(resolution)["six"] == "1.15.0"
    assert resolution.python_version == "3.11"
    assert "m:1" in resolution.findings[0].problem
