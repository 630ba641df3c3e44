import json

from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema


def init():
    pass


@input_schema("data", StandardPythonParameterType({"text": "a"}))
def run(data):
    text = json.loads(data)["text"]  # <- schema-parses-again:error
    return text
