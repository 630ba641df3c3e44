import pandas as pd
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.schema_decorators import input_schema

INPUT = pd.DataFrame({"a": [1]})


def init():
    pass


@input_schema(param_name="Inputs", param_type=PandasParameterType(INPUT))  # <- schema-parameter:error
def run(inputs):
    return inputs.values.tolist()
