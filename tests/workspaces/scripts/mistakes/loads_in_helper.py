import json
import os
import pickle


def load():
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"), "rb") as f:
        return pickle.load(f)  # <- model-loaded-in-run:warning


def init():
    print("nothing to do")


def run(raw_data):
    try:
        model = load()
        return model.predict(json.loads(raw_data)["data"]).tolist()
    except Exception as e:
        return str(e)
