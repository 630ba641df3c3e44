import joblib, os, json, numpy as np
from inference_schema.schema_decorators import input_schema
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType


def init():
    global m
    m = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


@input_schema("data", PandasParameterType({"a": [1]}))  # <- schema-type:error
def run(data):
    return m.predict(data).tolist()
