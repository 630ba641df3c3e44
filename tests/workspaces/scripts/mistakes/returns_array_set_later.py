import json, os, joblib
import numpy as np


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(raw):
    result = np.round(model.predict(json.loads(raw)["data"]), 2)
    response = {}
    response["result"] = result  # <- return-not-json:warning
    return response
