import json, os, joblib
from flask import jsonify


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(raw):
    preds = model.predict(json.loads(raw)["data"])
    return {"predictions": [p for p in preds], "n": (x for x in range(3))}  # <- return-numpy-item:hint  # <- return-not-json:error
