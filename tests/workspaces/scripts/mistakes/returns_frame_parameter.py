import json, os, joblib
from inference_schema.schema_decorators import input_schema
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
import pandas as pd


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


@input_schema("data", PandasParameterType(pd.DataFrame({"a": [1]})))
def run(data):
    data["y"] = model.predict(data)
    return data  # <- return-not-json:error
