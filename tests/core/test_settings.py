from pathlib import Path

import pytest

from mooring.settings import InvalidSettings, load_settings


def test_arguments_win_over_variables_over_the_file_over_defaults(home, monkeypatch):
    assert load_settings().workspace == "default"
    (home / "settings.toml").write_text('workspace = "from-file"\nstrict_environments = true\n')
    assert load_settings().workspace == "from-file"
    monkeypatch.setenv("MOORING_WORKSPACE", "from-variable")
    assert load_settings().workspace == "from-variable"
    assert load_settings(workspace="from-argument").workspace == "from-argument"
    assert load_settings().strict_environments is True


def test_a_misspelt_key_is_told_with_the_right_one(home):
    (home / "settings.toml").write_text('workspce = "x"\n')

    with pytest.raises(InvalidSettings, match="did you mean 'workspace'"):
        load_settings()


@pytest.mark.parametrize("text", ['workspace = "', "= 3"], ids=["open string", "no key"])
def test_a_file_that_is_no_toml_is_told_with_its_path(home, text):
    (home / "settings.toml").write_text(text)

    with pytest.raises(InvalidSettings, match=r"settings\.toml"):
        load_settings()


@pytest.mark.parametrize("name", ["MOORING_STRICT_ENVIRONMENTS", "MOORING_USE_CONDA"])
def test_a_truth_that_is_none_is_told(monkeypatch, name):
    monkeypatch.setenv(name, "perhaps")

    with pytest.raises(InvalidSettings, match="true or false, not 'perhaps'"):
        load_settings()


def test_a_home_that_is_a_file_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MOORING_HOME", str(tmp_path / "file"))

    with pytest.raises(InvalidSettings, match="can't be read"):
        load_settings()


def test_places_follow_the_home(home):
    settings = load_settings(workspace="team")

    assert settings.workspace_dir == Path(home) / "workspaces" / "team"
    assert settings.environments_dir == Path(home) / "environments"
