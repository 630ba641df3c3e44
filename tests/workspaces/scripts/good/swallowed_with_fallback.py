import json
import os

import joblib


def init():
    global model
    try:
        model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))
    except Exception as error:
        print("falling back", error)
        model = joblib.load(os.path.join(os.path.dirname(__file__), "default.pkl"))


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
