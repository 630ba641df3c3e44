"""Spark data frames as parameters, with a real Spark on this machine; skipped where there is no Java."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

from .test_old_environments import CORE, find_python

CACHE = Path(os.environ.get("MOORING_TESTS_CACHE", Path.home() / ".cache" / "mooring-tests"))
SCRIPT = '''
from datetime import date, datetime
from decimal import Decimal
from inference_schema.parameter_types.spark_parameter_type import SparkParameterType
from inference_schema.schema_decorators import input_schema, output_schema
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
kinds = """id int, value double, day date, moment timestamp, price decimal(10,2), raw binary, items array<int>,
           counts map<string,int>, inner struct<name: string>"""
moment = datetime(2020, 5, 6, 7, 8, 9)
row = (1, 1.5, moment.date(), moment, Decimal("1.50"), bytearray(b"ab"), [1, 2], {"k": 1}, {"name": "x"})
sample = spark.createDataFrame([row], kinds)

def init():
    pass

@input_schema("data", SparkParameterType(sample))
@output_schema(SparkParameterType(sample))
def run(data):
    return [[str(value) for value in row] for row in data.collect()]
'''
DRIVER = """
import json, sys
from mooring.scoring.contract.application import Application
from mooring.scoring.messages import Request
from mooring.scoring.settings import ServerSettings
application = Application(ServerSettings(app_root=sys.argv[1], entry_script="score.py"))
application.load()
service_input = application.swagger("3")["components"]["schemas"]["ServiceInput"]
answers = []
for body in (service_input["example"], {"data": "no rows"}):
    request = Request("POST", "/score", "/score", "", [("content-type", "application/json")], json.dumps(body).encode())
    response = application.answer(request)
    answers.append([response.status, json.loads(response.body)])
print(json.dumps([service_input["properties"]["data"]["items"]["properties"], answers]))
"""


@pytest.fixture(scope="module")
def spark() -> Path:
    """Python 3.10 with Spark 3.5, kept between runs."""
    if shutil.which("java") is None:
        pytest.skip("no Java here")
    home = CACHE / "spark-3.5"
    python = home / "bin" / "python"
    if not (home / "installed").exists():
        base = str(find_python("3.10"))
        subprocess.run([find_uv_bin(), "venv", "-q", "--clear", "--python", base, str(home)], check=True)
        subprocess.run(
            [find_uv_bin(), "pip", "install", "-q", "--python", str(python), "pyspark==3.5.*"], check=True
        )
        (home / "installed").touch()
    return python


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_spark_frames_are_described_and_made_from_rows(spark, tmp_path):
    (tmp_path / "score.py").write_text(SCRIPT)
    variables = {
        **os.environ,
        "PYSPARK_PYTHON": str(spark),
        "PYTHONPATH": str(CORE),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    done = subprocess.run(
        [str(spark), "-c", DRIVER, str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=tmp_path, env=variables,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    properties, (made, refused) = json.loads(done.stdout.splitlines()[-1])

    assert properties["day"] == {"type": "string", "format": "date"}
    assert properties["counts"] == {
        "type": "object",
        "additionalProperties": {"type": "integer", "format": "int32"},
    }
    assert properties["inner"]["properties"] == {"name": {"type": "string"}}
    assert made[0] == 200
    day, moment = "2020-05-06", "2020-05-06 07:08:09"
    assert made[1] == [
        ["1", "1.5", day, moment, "1.50", "bytearray(b'ab')", "[1, 2]", "{'k': 1}", "Row(name='x')"]
    ]
    assert refused[0] == 500
