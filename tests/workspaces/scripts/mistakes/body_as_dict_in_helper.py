import json, os, joblib


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def prepare(payload):
    return payload["data"]  # <- body-not-parsed:error


def run(data):
    return model.predict(prepare(data)).tolist()
