import json

import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema

input_sample = np.array({"age": 1, "name": "a"})  # <- schema-sample:error


def init():
    pass


@input_schema("data", NumpyParameterType(input_sample))
def run(data):
    return json.loads(data)  # <- schema-parses-again:error
