import argparse
import json
import os
import pickle


def init():
    global model
    with open(os.path.join(os.getenv("AZUREML_MODEL_DIR", "./outputs"), "model.pkl"), "rb") as handle:
        model = pickle.load(handle)


def run(raw_data):
    return [int(label) for label in model.predict(json.loads(raw_data)["data"])]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", default="sample.json")
    args = parser.parse_args()
    os.environ.setdefault("AZUREML_MODEL_DIR", "outputs")
    init()
    with open("sample.json") as sample:
        print(run(sample.read()))
