import json
import os

import joblib


def init():
    """Load."""
    model_path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl")
    model = joblib.load(model_path)  # <- global-missing:error


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
