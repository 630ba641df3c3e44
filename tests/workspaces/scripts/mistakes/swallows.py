import json
import os

import joblib


def init():
    global model
    try:
        model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))
    except Exception as e:  # <- init-swallows-errors:warning
        print(str(e))


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
