"""Where settings come from, and what wrong ones end with."""

import json
import subprocess
import sys

import pytest

from mooring.scoring.settings import OPTIONS, ServerSettings, SettingsError

DOCUMENTED = {
    "AML_APP_ROOT", "AZUREML_ENTRY_SCRIPT", "AZUREML_SOURCE_DIRECTORY", "AZUREML_MODEL_DIR", "SERVICE_NAME",
    "SERVICE_VERSION", "SERVICE_PATH_PREFIX", "WORKSPACE_NAME", "SCORING_TIMEOUT_MS", "WORKER_COUNT", "WORKER_TIMEOUT",
    "WORKER_PRELOAD", "SERVER_PORT", "HEALTH_PORT", "AML_CORS_ORIGINS", "AML_APP_INSIGHTS_ENABLED",
    "AML_APP_INSIGHTS_KEY", "APP_INSIGHTS_LOG_RESPONSE_ENABLED", "AML_MODEL_DC_STORAGE_ENABLED", "AZUREML_LOG_LEVEL",
    "AZUREML_DEBUG_PORT", "HTTP_X_MS_SERVER_VERSION", "SEPERATE_HEALTH_ENDPOINT", "SERVER_VERSION_LOG_RESPONSE_ENABLED",
}  # fmt: skip


def test_every_variable_of_the_reference_server_is_known():
    assert {option.env for option in OPTIONS if not option.env.startswith("MOORING_")} == DOCUMENTED


def test_defaults_are_the_references():
    settings = ServerSettings()

    assert (settings.port, settings.health_port, settings.worker_count) == (5001, 5000, 1)
    assert (settings.scoring_timeout_ms, settings.worker_timeout_s) == (3_600_000, 300)
    assert (settings.service_name, settings.service_version) == ("ML service", "1.0")
    assert settings.max_queue is settings.max_queue_wait_ms is settings.gateway_timeout_ms is None
    assert settings.given == frozenset()


def test_flags_win_over_the_environment_over_the_file(tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"SERVER_PORT": 1, "WORKER_COUNT": 2, "SERVICE_NAME": "file", "WHAT": 1}))
    environment = {"WORKER_COUNT": "3", "SERVICE_NAME": "environment"}

    settings = ServerSettings.from_command_line(
        ["--config_file", str(config), "--worker_count", "4"], environment
    )

    assert (settings.port, settings.worker_count, settings.service_name) == (1, 4, "environment")
    assert settings.warnings == [
        "Found extra keys in the config file that are not supported by the server: WHAT."
    ]


def test_a_config_json_beside_the_script_is_found_unless_it_is_empty(tmp_path):
    (tmp_path / "config.json").write_text('{"SERVICE_NAME": "found"}')
    script = str(tmp_path / "score.py")

    assert (
        ServerSettings.from_environment(
            {"AZUREML_ENTRY_SCRIPT": script, "AML_APP_ROOT": "/nowhere"}
        ).service_name
        == "found"
    )
    (tmp_path / "config.json").write_text("")
    assert (
        ServerSettings.from_environment(
            {"AZUREML_ENTRY_SCRIPT": script, "AML_APP_ROOT": "/nowhere"}
        ).service_name
        == "ML service"
    )


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        (
            "SERVER_PORT",
            "many",
            "SERVER_PORT is 'many' in the environment: use a whole number from 0 to 65535.",
        ),
        ("WORKER_COUNT", "0", "WORKER_COUNT is '0' in the environment: use a whole number from 1 to 1024."),
        ("AZUREML_LOG_LEVEL", "loud", "use one of critical"),
        ("AML_APP_INSIGHTS_ENABLED", "perhaps", "use true or false"),
        ("MOORING_AUTH", "secret", "use one of off, key, token, key+token"),
        ("MOORING_AUTH", "key", "no MOORING_KEYS_FILE"),
        ("MOORING_TLS_CERT", "x.pem", "needs both"),
        ("MOORING_OPEN_ROUTES", "/score", "use one of /, /metrics, /swagger.json"),
        ("MOORING_BATCH", "lots", "use a whole number"),
    ],
)
def test_a_wrong_value_names_itself_and_the_way_out(name, value, hint):
    with pytest.raises(SettingsError) as caught:
        ServerSettings.from_environment({name: value})

    assert hint in str(caught.value)
    assert caught.value.exit_code == 3


def test_an_insights_key_that_is_none_is_switched_off_and_never_shown():
    settings = ServerSettings.from_environment(
        {"AML_APP_INSIGHTS_KEY": "secret", "AML_APP_INSIGHTS_ENABLED": "true"}
    )

    assert settings.app_insights_enabled is False
    assert "secret" not in repr(settings)
    assert settings.warnings


def test_what_was_given_survives_the_way_through_an_environment():
    given = ServerSettings(
        worker_preload=True,
        open_routes=("/",),
        batch=(64, 200),
        entry_script="a/score.py",
        max_queue=5,
        drain_s=1.5,
    )
    environment: dict[str, str] = {}
    given.export(environment)

    again = ServerSettings.from_environment(environment)

    assert {name: getattr(again, name) for name in given.given} == {
        name: getattr(given, name) for name in given.given
    }
    assert again.given == given.given


def test_models_are_named_after_their_folder():
    assert ServerSettings(model_dir="/x/azureml-models/a/12/").model_names() == ("a:12",)
    assert ServerSettings(model_dir="/x/azureml-models").model_names() == ()
    assert ServerSettings(models=("a:1", "b:2"), model_dir="/x/azureml-models/a/12").model_names() == (
        "a:1",
        "b:2",
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 1),
        (["--entry_script", "x.py", "--port", "0x50"], 1),
        (["--entry_script", "x.py", "--worker_count", "0"], 1),
        (["--entry_script", "x.py", "--unknown"], 1),
        (["--config_file", "broken.json"], 3),
    ],
)
def test_a_wrong_command_line_ends_as_with_the_reference(tmp_path, arguments, code):
    (tmp_path / "broken.json").write_text("{")
    command = [sys.executable, "-m", "mooring.scoring", *arguments]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=30)

    assert done.returncode == code
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_both_spellings_of_a_flag_are_understood():
    for flag in ("--entry_script", "--entry-script"):
        assert ServerSettings.from_command_line([flag, "s.py"], {}).entry_script.endswith("s.py")
