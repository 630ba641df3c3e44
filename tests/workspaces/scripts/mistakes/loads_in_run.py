import json
import os

import joblib


def init():
    pass


def run(raw_data):
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))  # <- model-loaded-in-run:warning
    return model.predict(json.loads(raw_data)["data"]).tolist()
