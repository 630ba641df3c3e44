import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    result = "unknown"
    try:
        data = json.loads(raw_data)["data"]
        result = model.predict(data)
        result = result.tolist()
    except Exception as e:
        result = {"error": str(e)}
    return result
