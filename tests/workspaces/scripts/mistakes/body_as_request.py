import json, os, joblib
import numpy as np


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(request):
    if request.method == "POST":  # <- body-not-parsed:error
        return model.predict(json.loads(request.get_data(False))).tolist()
