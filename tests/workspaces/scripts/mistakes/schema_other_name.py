import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema, output_schema


def init():
    pass


@input_schema("data", NumpyParameterType(np.array([[1.0]])))  # <- schema-parameter:error
@output_schema(NumpyParameterType(np.array([1.0])))
def run(raw_data):
    return raw_data.tolist()
