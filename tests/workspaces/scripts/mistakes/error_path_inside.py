import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(raw_data):
    try:
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception as e:
        result = "failed: " + str(e)
        return result.tolist()  # <- error-path-fails:warning
