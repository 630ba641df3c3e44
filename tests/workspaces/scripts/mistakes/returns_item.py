import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(raw_data):
    result = model.predict(json.loads(raw_data)["data"])
    return {"label": result[0]}  # <- return-numpy-item:hint
