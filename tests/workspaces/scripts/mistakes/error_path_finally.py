import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(raw_data):
    try:
        y = model.predict(json.loads(raw_data)["data"])
    except ValueError as e:
        y = f"wrong: {e}"
    print("done")
    return {"y": y.tolist()}  # <- error-path-fails:warning
