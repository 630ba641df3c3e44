import json

import joblib
from azureml.core.model import Model


def init():
    global model
    model = joblib.load(Model.get_model_path("outputs/model.pkl"))  # <- model-name-is-path:warning


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
