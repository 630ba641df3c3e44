import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(raw_data):
    result = model.predict_proba(json.loads(raw_data)["data"])
    text = json.dumps({"result": result})  # <- return-not-json:error
    return text  # <- return-twice-encoded:hint
