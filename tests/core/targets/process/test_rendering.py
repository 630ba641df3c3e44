from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from mooring.deployments.target import ServerOptions
from mooring.environments import ReadyEnvironment
from mooring.targets.process.conditions import import_conditions
from mooring.targets.process.rendering import render_spec


def render(release, **changes):
    release = replace(release, **changes)
    return render_spec(
        release,
        environment=environment(),
        ring="/ring",
        nonce="nonce",
        host="127.0.0.1",
        port=6789,
    )


def environment(**variables):
    return ReadyEnvironment("digest", Path("/env"), Path("/env/bin/python"), True, 0.0, variables)


def test_the_contract_of_the_app_root_is_kept(release):
    model = SimpleNamespace(id="ridge:3")
    spec = render(
        release(),
        entry_script="source/score.py",
        source_directory="source",
        model_dir="azureml-models/ridge/3",
        models=(model,),
    )

    root = spec.app_root
    assert spec.worker_variables["AML_APP_ROOT"] == root
    assert spec.worker_variables["AZUREML_ENTRY_SCRIPT"] == "source/score.py"
    assert spec.worker_variables["AZUREML_SOURCE_DIRECTORY"] == "source"
    assert spec.worker_variables["AZUREML_MODEL_DIR"] == f"{root}/azureml-models/ridge/3"
    assert spec.worker_variables["MOORING_MODELS"] == "ridge:3"


def test_without_a_model_the_model_folder_is_not_set(release):
    assert "AZUREML_MODEL_DIR" not in render(release()).worker_variables


def test_the_shell_s_environment_stays_outside(release, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")

    variables = render(release(), environment_variables={"GIVEN": "1"}).interpreter_variables

    assert variables["GIVEN"] == "1"
    assert not {"AWS_SECRET_ACCESS_KEY", "PYTHONPATH"} & set(variables)
    assert variables["PATH"].split(os.pathsep)[0] == "/env/bin"


def test_server_options_become_the_server_s_settings(release, tmp_path):
    options = ServerOptions(
        auth_mode="key",
        keys_path=tmp_path / "keys.json",
        scoring_timeout_ms=500,
        max_concurrent_requests=4,
        worker_count=3,
    )

    spec = render(release(), server=options)

    assert spec.worker_count == 3
    assert spec.worker_variables["MOORING_AUTH"] == "key"
    assert spec.worker_variables["MOORING_KEYS_FILE"] == str(tmp_path / "keys.json")
    assert spec.worker_variables["MOORING_GATEWAY_TIMEOUT_MS"] == "500"
    assert spec.worker_variables["MOORING_MAX_CONCURRENT_REQUESTS"] == "4"


def test_the_variable_of_v1_asks_for_workers_too(release):
    assert render(release(), environment_variables={"WORKER_COUNT": "2"}).worker_count == 2


def test_only_lines_about_the_environment_and_installations_matter_to_imports(tmp_path):
    app, env = tmp_path / "app", tmp_path / "env"
    packages = env / "lib" / "python3.11" / "site-packages"
    for folder in (app, packages, env / "bin"):
        folder.mkdir(parents=True)
    script = app / "score.py"
    script.write_text("import os\nos.environ['A'] = '1'\nx = 1\n")
    before = import_conditions(app, env / "bin" / "python")

    script.write_text("import os\nos.environ['A'] = '1'\nx = 2\n")
    assert import_conditions(app, env / "bin" / "python") == before

    script.write_text("import os\nos.environ['A'] = '2'\nx = 2\n")
    changed = import_conditions(app, env / "bin" / "python")
    assert changed != before

    os.utime(packages, ns=(1, 1))
    assert import_conditions(app, env / "bin" / "python") != changed
