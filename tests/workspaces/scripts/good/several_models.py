import json
import os
import glob

import joblib


def init():
    global models
    models = {}
    root = os.getenv("AZUREML_MODEL_DIR")
    for path in glob.glob(os.path.join(root, "*", "*", "*.pkl")):
        models[os.path.basename(path)] = joblib.load(path)


def run(raw_data):
    body = json.loads(raw_data)
    return {name: model.predict(body["data"]).tolist() for name, model in models.items()}
