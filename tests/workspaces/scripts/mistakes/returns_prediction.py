import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(raw_data):
    data = json.loads(raw_data)["data"]
    prediction = model.predict(data)
    return prediction  # <- return-not-json:warning
