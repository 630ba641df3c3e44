"""Exit codes scripts rely on."""

import pytest

from mooring.cli import exit_codes
from mooring.cli.mistakes import UsageMistake
from mooring.errors import MooringError


def error_of(code_):
    class Told(MooringError):
        code = code_

    return Told()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("model-not-found", 3),
        ("service-not-found", 3),
        ("environment-not-found", 3),
        ("model-in-use", 4),
        ("service-exists", 4),
        ("service-busy", 4),
        ("deployment-failed", 5),
        ("checks-failed", 5),
        ("something-else", 1),
    ],
)
def test_a_code_has_its_number(code, status):
    assert exit_codes.exit_code_of(error_of(code)) == status


def test_a_mistake_in_the_command_line_is_2():
    assert exit_codes.exit_code_of(UsageMistake("told", "instead")) == 2


def test_ctrl_c_is_130():
    assert exit_codes.exit_code_of(KeyboardInterrupt()) == 130


def test_a_fault_of_ours_is_1():
    assert exit_codes.exit_code_of(ZeroDivisionError()) == 1
