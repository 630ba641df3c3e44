import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))
    scaler = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "s.pkl"))  # <- global-missing:error


def predict(rows):
    return model.predict(scaler.transform(rows)).tolist()


def run(raw_data):
    return predict(json.loads(raw_data)["data"])
