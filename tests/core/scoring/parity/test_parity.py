"""The same scripts and requests on the reference server and on ours: equal answers, or a listed difference.

A part of the cases runs by default; MOORING_PARITY=all runs every one.
"""

from __future__ import annotations

import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import parity_cases
import parity_schema_cases
import parity_servers as servers
import parity_start_cases
import pytest
from parity_differences import DOCUMENT, reasons, render

pytestmark = [pytest.mark.network, pytest.mark.slow]

CASES = [
    case
    for make in (
        parity_cases.result_cases,
        parity_cases.raising_cases,
        parity_cases.text_cases,
        parity_cases.method_cases,
        parity_cases.raw_cases,
        parity_schema_cases.schema_cases,
        parity_start_cases.start_cases,
    )
    for case in make()
]
EVERYTHING = os.environ.get("MOORING_PARITY") == "all"
DIFFERENT = reasons()


def chosen(cases: list[parity_cases.Case], fifths: int) -> list[parity_cases.Case]:
    """The same part in every run, spread over all tables; listed differences are always in it."""
    return [
        case
        for case in cases
        if EVERYTHING or case.name in DIFFERENT or zlib.crc32(case.name.encode()) % 5 < fifths
    ]


def compare(
    reference: servers.Zygote, ours: servers.Zygote, case: parity_cases.Case, folder: Path
) -> list[str]:
    with ThreadPoolExecutor(2) as pool:
        theirs = pool.submit(servers.run_case, reference, case, folder / "reference")
        mine = pool.submit(servers.run_case, ours, case, folder / "ours")
        return servers.differences(theirs.result(), mine.result(), case)


@pytest.mark.parametrize("case", chosen(CASES, 2), ids=lambda case: case.name)
def test_answers_are_the_reference_servers(reference, ours, case, tmp_path):
    found = compare(reference, ours, case, tmp_path)

    if case.name in DIFFERENT:
        assert found, f"no longer differs; drop it from parity_differences.py ({DIFFERENT[case.name]})"
    else:
        assert not found, "\n".join(found)


ON_REAL_PACKAGES = [
    case
    for case in CASES
    if case.name not in DIFFERENT
    and case.name.startswith(("raw-", "response-", "decorated-", "numpy-float64", "pandas-mixed", "standard-", "schema-", "swagger-mixed"))
]  # fmt: skip


@pytest.mark.parametrize("case", chosen(ON_REAL_PACKAGES, 1), ids=lambda case: case.name)
def test_answers_are_equal_beside_the_real_packages_too(reference, ours_beside_real_packages, case, tmp_path):
    found = compare(reference, ours_beside_real_packages, case, tmp_path)

    assert not found, "\n".join(found)


def test_enough_is_compared():
    assert len(CASES) >= 150
    assert sum(len(case.calls) for case in CASES) >= 600
    assert len({case.name for case in CASES}) == len(CASES)


def test_every_listed_case_exists():
    assert set(DIFFERENT) <= {case.name for case in CASES}


def test_the_document_lists_the_same_differences():
    assert DOCUMENT.read_text(encoding="utf-8") == render(), "run parity_differences.py to write it again"
