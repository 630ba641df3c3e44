import json
import os
import pickle


def init():
    global clf
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"), "rb") as f:
        clf = pickle.load(f)


def run(raw_data):
    rows = json.loads(raw_data)["data"]
    answer = {"labels": clf.predict(rows), "n": len(rows)}  # <- return-not-json:warning
    return answer
