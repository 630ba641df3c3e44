import os

import joblib
import pandas as pd


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))


def run(mini_batch):
    frames = []
    for path in mini_batch:
        frame = pd.read_csv(path)
        frame["score"] = model.predict(frame)
        frames.append(frame)
    return pd.concat(frames)
