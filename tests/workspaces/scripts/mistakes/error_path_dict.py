import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(raw_data):
    try:
        result = model.predict(json.loads(raw_data)["data"])
    except Exception as e:
        result = {"error": str(e)}
    return {"result": result.tolist()}  # <- error-path-fails:warning
