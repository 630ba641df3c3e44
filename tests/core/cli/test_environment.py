"""`mooring environment …`: folders and registered names."""


def test_scaffold_register_show_download(mooring, work):
    assert mooring("environment", "scaffold", "-n", "myenv", "-d", "myenv").exit_code == 0
    assert (work / "myenv" / "conda_dependencies.yml").exists()

    assert "Registered myenv:1" in mooring("environment", "register", "-d", "myenv").out
    assert "Registered myenv:1" in mooring("environment", "register", "-d", "myenv").out

    assert mooring("environment", "list", "-o", "json").json[0]["name"] == "myenv"
    assert mooring("environment", "show", "-n", "myenv", "-v", "1", "-o", "json").json["version"] == "1"
    assert mooring("environment", "download", "-n", "myenv", "-d", "again").exit_code == 0
    assert (work / "again" / "azureml_environment.json").exists()


def test_scaffold_does_not_overwrite(mooring):
    mooring("environment", "scaffold", "-n", "myenv", "-d", "myenv")

    assert mooring("environment", "scaffold", "-n", "myenv", "-d", "myenv").exit_code == 1


def test_a_missing_environment_is_exit_code_3(mooring):
    assert mooring("environment", "show", "-n", "nothing").exit_code == 3
