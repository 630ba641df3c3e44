import json, os, joblib
import numpy as np


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(data):
    return model.predict(data).tolist()  # <- body-not-parsed:warning
