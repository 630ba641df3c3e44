import json
from inference_schema.schema_decorators import input_schema, output_schema  # <- schema-unused:information
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType


def init():
    pass


# @input_schema('data', NumpyParameterType([[1]]))
def run(data):
    return json.loads(data)
