import json
import os

import joblib
import numpy as np


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(raw_data):
    rows = json.loads(raw_data)["rows"]
    found, parts = [], []
    for number, value in enumerate(model.predict(rows)):
        found.append({"number": number, "value": float(value)})
    for row in rows:
        parts.append(np.array(row))
    parts = np.stack(parts).tolist()
    return {"found": found, "parts": parts}
