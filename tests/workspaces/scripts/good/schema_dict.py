from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema

sample_input = StandardPythonParameterType({"name": "a", "values": [1.0]})


def init():
    global offset
    offset = 2


@input_schema(param_name="body", param_type=sample_input)
def run(body, request_headers=None):
    values = body["values"]
    return {"name": body.get("name"), "sum": sum(values) + offset}
