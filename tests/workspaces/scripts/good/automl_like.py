import json
import logging
import os
import pickle

import joblib
import numpy as np
import pandas as pd

from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema, output_schema

input_sample = pd.DataFrame({"a": pd.Series([0.0], dtype="float64"), "b": pd.Series(["x"], dtype="object")})
output_sample = np.array([0])
try:
    logger = logging.getLogger("scoring_script_v2")
except:
    pass


def get_model_root(model_root):
    model_contents = os.listdir(model_root)
    for root, dirs, files in os.walk(model_root):
        if any(name.endswith(".pkl") for name in files):
            return os.path.join(root)
    return model_contents[0]


def init():
    global model
    model_path = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl")
    try:
        logger.info("Loading model from path.")
        model = joblib.load(model_path)
        logger.info("Loading successful.")
    except Exception as e:
        logger.error(e)
        raise


@input_schema("data", PandasParameterType(input_sample))
@output_schema(NumpyParameterType(output_sample))
def run(data):
    try:
        result = model.predict(data)
        return json.dumps({"result": result.tolist()})
    except Exception as e:
        result = str(e)
        return json.dumps({"error": result})
