"""The process as scripts see it."""

import json
import subprocess
import sys

from mooring.cli.failures import tell_failure


def test_answers_go_to_stdout_and_the_rest_to_stderr(mooring_process):
    ran = mooring_process("model", "list", "-o", "json")

    assert (ran.exit_code, json.loads(ran.out), ran.err) == (0, [], "")


def test_a_reader_that_goes_away_is_no_fault():
    done = subprocess.run(
        f"{sys.executable} -m mooring model --help | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("Usage:")
    assert done.stderr == ""


def test_a_fault_of_ours_is_told_in_one_sentence_and_in_full_with_verbose():
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        short, exit_code = tell_failure(error, ["doctor"])
        full, _ = tell_failure(error, ["doctor", "--verbose"])

    assert exit_code == 1
    assert "ZeroDivisionError" in short
    assert "Traceback" not in short
    assert "Traceback" in full


def test_a_full_disk_is_no_fault_of_ours():
    told, exit_code = tell_failure(OSError(28, "No space left on device", "/data/x"), ["model", "register"])

    assert exit_code == 1
    assert "/data/x: No space left on device." in told
    assert "fault of its own" not in told


def test_importing_the_command_line_loads_no_vendor():
    code = "import sys, mooring.cli; print([n for n in ('typer','rich','sqlalchemy','httpx','yaml') if n in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_listing_services_loads_nothing_it_does_not_need():
    """Imports are all it costs: a vendor that slips in here is felt at every call."""
    code = (
        "import sys\nfrom mooring.cli import run\nrun(['service', 'list'])\n"
        "slow = ('alembic', 'fsspec', 'httpx', 'pydantic', 'rich.console', 'uv', 'yaml', 'asyncpg', 'mlflow')\n"
        "print([name for name in slow if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
