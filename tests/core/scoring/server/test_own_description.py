"""Requests made from the server's own descriptions: what fits them, and what does not.

MOORING_SCHEMATHESIS_CASES says how many are sent in all; 50,000 take about a quarter of an hour.
"""

from __future__ import annotations

import os
import warnings

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():  # of its own dependencies, at import
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import GenerationMode

GIVEN = os.environ.get("MOORING_SCHEMATHESIS_CASES")
CASES = int(GIVEN or "360")
WITHIN_S = 20
VERSIONS = ("2", "3", "3.1")

SCHEMA = """
import numpy as np
import pandas as pd
from inference_schema.schema_decorators import input_schema, output_schema
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType

def init():
    pass

@input_schema("data", NumpyParameterType(np.array([[1.0, 2.0]])))
@input_schema("frame", PandasParameterType(pd.DataFrame({"a": [1], "b": ["x"]})))
@input_schema("options", StandardPythonParameterType({"scale": 1.5, "flags": [True], "name": "x"}))
@output_schema(NumpyParameterType(np.array([1.0])))
def run(data, frame=None, options=None):
    return [data.sum(axis=1).tolist(), None if frame is None else frame["a"].tolist(), options]
"""
RAW = """
from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse

def init():
    pass

@rawhttp
def run(request):
    text = request.get_data(as_text=True)
    return AMLResponse({"text": text, "args": dict(request.args)}, 200, {"X-Method": request.method}, json_str=True)
"""
TYPED = """
from typing import Dict, List, Optional

def init():
    pass

def run(rows: List[float], names: Dict[str, int], limit: Optional[int] = None):
    return [sum(rows), sorted(names), limit]
"""


def requests_from(document: dict, mode: GenerationMode):
    """Requests to every route that fit the description (or break it, where it asks for something)."""
    description = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in description.get_all_operations()]
    if mode is GenerationMode.NEGATIVE:
        operations = [each for each in operations if each.path != "/"]
    return st.one_of([each.as_strategy(generation_mode=mode) for each in operations])


@pytest.mark.timeout(180 + CASES // 10)
@pytest.mark.filterwarnings("ignore")  # of the library, about what it generates
@pytest.mark.parametrize("script", [SCHEMA, RAW, TYPED], ids=["schema", "raw", "typed"])
def test_whatever_is_asked_no_failure_is_the_servers(serve, script):
    """A 5xx is the script's (it says so in a header: `{"data": [[{}]]}` is no array), and nothing hangs."""
    server = serve(script, SCORING_TIMEOUT_MS="15000")
    address = f"http://127.0.0.1:{server.port}"
    failed_runs = 0
    with requests.Session() as session:
        for version in VERSIONS:
            document = server.get(f"/swagger.json?version={version}").json
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

                @settings(
                    max_examples=CASES // 18,
                    deadline=None,
                    database=None,
                    derandomize=GIVEN is None,
                    suppress_health_check=list(HealthCheck),
                )
                @given(requests_from(document, mode))
                def check(case):
                    nonlocal failed_runs
                    answer = case.call(base_url=address, session=session, timeout=WITHIN_S)
                    failed = answer.headers.get("x-ms-run-function-failed") == ["True"]
                    failed_runs += failed
                    assert answer.status_code < 500 or failed, answer.text

                check()
    assert server.get("/").status == 200
    assert failed_runs == 0 or script is SCHEMA
