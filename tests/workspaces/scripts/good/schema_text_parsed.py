import json

from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema

sample = '{"text": "good"}'


def init():
    pass


@input_schema("payload", StandardPythonParameterType(sample))
def run(payload):
    body = json.loads(payload)
    return {"length": len(body["text"])}
