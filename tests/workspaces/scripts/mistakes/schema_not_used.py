import json

from inference_schema.schema_decorators import input_schema, output_schema  # <- schema-unused:information
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType


def init():
    pass


def run(raw_data):
    return json.loads(raw_data)
