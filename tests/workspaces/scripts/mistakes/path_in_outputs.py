import json
import os
import pickle

MODEL = "outputs/model.pkl"


def init():
    global model, labels
    with open(MODEL, "rb") as f:  # <- fixed-path:warning
        model = pickle.load(f)
    with open("labels.txt") as f:  # <- fixed-path:warning
        labels = f.read().splitlines()
    print(open(os.path.join("data", "x.json")).read())  # <- fixed-path:warning


def run(raw_data):
    return [labels[int(i)] for i in model.predict(json.loads(raw_data)["data"])]
