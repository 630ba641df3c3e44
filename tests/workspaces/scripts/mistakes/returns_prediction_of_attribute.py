import json, os, pickle


class Holder:
    def __init__(self):
        with open(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"), "rb") as fh:
            self.model = pickle.load(fh)


def init():
    global h
    h = Holder()


def run(raw):
    return h.model.predict(json.loads(raw)["data"])  # <- return-not-json:warning
