import json
import os

import joblib

model = None


def init():
    global model
    try:
        model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))
    except Exception as error:
        print("no model", error)


def run(raw_data):
    if model is None:
        return {"error": "no model"}
    return model.predict(json.loads(raw_data)["data"]).tolist()
