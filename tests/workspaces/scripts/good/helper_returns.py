import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def to_answer(values):
    return [float(value) for value in values]


def run(raw_data):
    prediction = model.predict(json.loads(raw_data)["data"])
    prediction = to_answer(prediction)
    return {"prediction": prediction}
