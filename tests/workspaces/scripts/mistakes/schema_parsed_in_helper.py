import joblib, os, json, pandas as pd
from inference_schema.schema_decorators import input_schema
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
sample = pd.DataFrame([{"a": 1}])


def init():
    global m
    m = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def parse(x):
    return json.loads(x)  # <- schema-parses-again:error


@input_schema("data", PandasParameterType(sample))
def run(data):
    return m.predict(parse(data)).tolist()
