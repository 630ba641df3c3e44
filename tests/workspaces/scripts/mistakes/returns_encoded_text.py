import json, joblib, os
from datetime import datetime


def init():
    global m
    m = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(raw):
    r = m.predict(json.loads(raw)["data"]).tolist()
    return json.dumps(r).encode("utf-8")  # <- return-not-json:error
