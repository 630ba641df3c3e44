import json
import os

import joblib


def load(name):
    path = os.path.join(os.environ["AZUREML_MODEL_DIR"], name)
    return joblib.load(path)


def to_json(values):
    return json.dumps({"values": values})


def init():
    global model
    model = load("m.pkl")


def run(raw_data):
    rows = json.loads(raw_data)["data"]
    if not rows:
        return model.predict(rows)  # <- return-not-json:warning
    return to_json([1])  # <- return-twice-encoded:hint
