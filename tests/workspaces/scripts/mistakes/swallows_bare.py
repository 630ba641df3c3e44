import json
import logging
import os

import joblib


def init():
    global model
    global message
    try:
        message = "loaded"
        model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))
    except:  # <- init-swallows-errors:warning
        message = "failed"
        logging.error("failed")


def run(raw_data):
    print(message)
    return model.predict(json.loads(raw_data)["data"]).tolist()
