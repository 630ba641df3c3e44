import json, joblib, os, numpy as np


def init():
    global m
    m = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(raw):
    x = np.array(json.loads(raw)["data"])
    best = np.argmax(m.predict_proba(x), axis=1)
    return list(best)  # <- return-not-json:error
