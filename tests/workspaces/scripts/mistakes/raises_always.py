import json, os, joblib, sys


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "m.pkl"))
    raise NotImplementedError("todo")  # <- script-exits:error


def run(data):
    return model.predict(json.loads(data)).tolist()
