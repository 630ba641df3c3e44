import json, os, joblib
from azureml.core import Model


def init():
    global model
    model = joblib.load(Model.get_model_path())  # <- model-path-arguments:error


def run(data):
    return model.predict(json.loads(data)).tolist()
