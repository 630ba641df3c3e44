import json
import os

import mlflow.pyfunc
from somewhere import load_all


def init():
    global model, scaler, other
    model, scaler = load_all(os.environ["AZUREML_MODEL_DIR"])
    other = mlflow.pyfunc.load_model(os.environ["AZUREML_MODEL_DIR"])


def run(raw_data):
    data = scaler.transform(json.loads(raw_data)["data"])
    if len(data) > 3:
        return other.predict(data)
    return model.predict(data)
