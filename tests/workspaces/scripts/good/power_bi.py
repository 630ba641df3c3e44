import os

import joblib
import numpy as np
import pandas as pd
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

rows = PandasParameterType(pd.DataFrame({"age": [40], "name": ["a"]}))
matrix = NumpyParameterType(np.array([[1.0, 2.0]], dtype="float64"))
inputs = StandardPythonParameterType({"rows": rows, "matrix": matrix})
results = StandardPythonParameterType({"Results": [1.0]})


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


@input_schema(param_name="Inputs", param_type=inputs)
@input_schema("GlobalParameters", StandardPythonParameterType(1.0), optional=True)
@output_schema(output_type=results)
def run(Inputs, GlobalParameters=1.0):
    factor = float(GlobalParameters)
    frame = Inputs["rows"].assign(extra=Inputs["matrix"][:, 0])
    return {"Results": [value * factor for value in model.predict(frame).tolist()]}
