import json

import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema

sample = np.array([[1.0, 2.0]])


def init():
    pass


@input_schema("data", NumpyParameterType(sample))
def run(data):
    try:
        data = np.array(json.loads(data)["data"])  # <- schema-parses-again:error
        return data.tolist()
    except Exception as e:
        return str(e)
