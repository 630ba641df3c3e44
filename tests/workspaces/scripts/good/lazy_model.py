import json
import os

import joblib

model = None


def get_model():
    global model
    if model is None:
        model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))
    return model


def init():
    get_model()


def run(raw_data):
    return get_model().predict(json.loads(raw_data)["data"]).tolist()
