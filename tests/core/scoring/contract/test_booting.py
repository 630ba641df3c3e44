"""Why a service does not start: each cause has a kind, a sentence, a file and a line."""

from __future__ import annotations

import pytest

from mooring.scoring.contract.failures import BootError

FAILURES = {
    "no-init": ("x = 1\ninit_ = 2\ndef run(data):\n    return 1\n", "init-missing", 1),
    "no-run": ("def init():\n    pass\n", "run-missing", 1),
    "no-argument": ("def init():\n    pass\n\ndef run():\n    return 1\n", "run-signature", 4),
    "args": ("def init():\n    pass\n\n\ndef run(*args):\n    return 1\n", "run-signature", 5),
    "import-error": ("def init():\n    pass\n\nimport no_such_module\n", "import-raised", 4),
    "syntax-error": ("def init():\n    pass\n\ndef run(data)\n    pass\n", "import-raised", 4),
    "init-raises": ("def init():\n    x = 1\n    open('model.pkl')\n\ndef run(data):\n    return 1\n", "init-raised", 3),
    "init-exits": ("import sys\ndef init():\n    sys.exit(0)\n\ndef run(data):\n    return 1\n", "init-raised", 3),
}  # fmt: skip


@pytest.mark.parametrize(("script", "kind", "line"), FAILURES.values(), ids=FAILURES.keys())
def test_a_boot_failure_names_kind_file_and_line(load, tmp_path, script, kind, line):
    if kind == "init-missing":
        (tmp_path / "score.py").write_text(script)
        script = f"# def init\n{script}"

    with pytest.raises(BootError) as caught:
        load(script)

    assert (caught.value.kind, caught.value.line) == (kind, line)
    assert caught.value.path == str(tmp_path / "score.py")


def test_the_line_is_the_scripts_even_when_a_library_raised(load):
    script = "import json\ndef init():\n    json.loads('{')\n\ndef run(data):\n    return 1\n"

    with pytest.raises(BootError) as caught:
        load(script)

    assert caught.value.line == 3
    assert "JSONDecodeError" in caught.value.message
    assert "mooring" not in caught.value.traceback.replace("mooring-", "")


def test_the_line_is_the_siblings_when_it_fails_there(load, tmp_path):
    with pytest.raises(BootError) as caught:
        load("import broken\ndef run(data):\n    return 1\n", {"broken.py": "x = 1\ny = x / 0\n"})

    assert (caught.value.path, caught.value.line) == (str(tmp_path / "broken.py"), 2)


def test_a_missing_script_is_told_as_such(load, tmp_path):
    from mooring.scoring.contract.application import Application
    from mooring.scoring.settings import ServerSettings

    application = Application(ServerSettings(app_root=str(tmp_path), entry_script="nothing.py"))

    with pytest.raises(BootError, match=r"nothing\.py does not exist"):
        application.load()


def test_a_broken_description_file_stops_the_start(load):
    with pytest.raises(BootError) as caught:
        load("def run(data):\n    return 1\n", {"swagger3.json": '{\n"a":}'})

    assert (caught.value.kind, caught.value.line) == ("swagger-file", 2)


def test_an_error_survives_the_supervisors_channel(load):
    with pytest.raises(BootError) as caught:
        load("def run():\n    return 1\n")

    assert set(caught.value.to_dict()) == {"kind", "message", "path", "line", "traceback"}


def test_two_scripts_after_each_other_do_not_share_the_raw_mark(load, tmp_path):
    load(
        "from azureml.contrib.services.aml_request import rawhttp\n@rawhttp\ndef run(request):\n    return 1\n"
    )

    served = load("def run(data):\n    return data\n")

    assert served.application.run_plan.kind == "text"


def test_user_modules_come_before_the_servers_own(load):
    served = load(
        "import settings, messages\ndef run(data):\n    return [settings.X, messages.X]\n",
        {"settings.py": "X = 'mine'\n", "messages.py": "X = 'mine'\n"},
    )

    assert served.post(1).body == b'["mine", "mine"]'
