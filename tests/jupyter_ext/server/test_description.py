"""The OpenAPI document holds: requests made from it by machine, and every answer checked against it."""

from __future__ import annotations

import asyncio
import warnings

import pytest

from mooring_jupyter.openapi import PREFIX, openapi_document

# What starts processes, or takes bytes instead of JSON, has tests of its own.
_LEFT_OUT = ("deploy_demo", "run_service", "send_piece")
_CASES = 8


@pytest.mark.filterwarnings("ignore")  # of the library, about what it generates
async def test_answers_are_what_the_description_says(
    scorer, jp_serverapp, http_server, jp_http_port, jp_base_url, jp_auth_header
):
    """Bounded: valid and invalid requests to each route; no answer may be a 500 or of another shape."""
    base = f"http://127.0.0.1:{jp_http_port}{jp_base_url}{PREFIX}"

    asked, failures = await asyncio.to_thread(_ask_everything, base, jp_auth_header)

    assert failures == []
    assert asked > 300


def _ask_everything(base, headers):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import schemathesis
        from schemathesis import GenerationMode
    schema = schemathesis.openapi.from_dict(openapi_document()).exclude(operation_id=list(_LEFT_OUT))
    asked, failures = 0, []
    for found in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            for case in _cases(found.ok(), mode):
                asked += 1
                failures += _failures(case, base, headers)
    return asked, failures


def _cases(operation, mode):
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable

    cases = []

    @settings(
        max_examples=_CASES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def gather(case):
        cases.append(case)

    try:
        gather()
    except Unsatisfiable:  # nothing about this route can be wrong
        return []
    return cases


def _failures(case, base, headers):
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

    checks = [not_a_server_error, response_schema_conformance, status_code_conformance]
    response = case.call(base_url=base, headers=headers, timeout=120)
    try:
        case.validate_response(response, checks=checks, headers=headers)
    except Exception as error:  # noqa: BLE001 (told together)
        return [f"{case.method} {case.path}: {error}"]
    return []
