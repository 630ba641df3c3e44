import json

import joblib


def init():
    global model
    model = joblib.load("model.pkl")  # <- fixed-path:warning


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
