import json
import os
import pickle


class Service:
    def __init__(self, folder):
        with open(os.path.join(folder, "m.pkl"), "rb") as f:
            self.model = pickle.load(f)

    def __call__(self, rows):
        return [float(v) for v in self.model.predict(rows)]


service = None


def init():
    global service
    service = Service(os.environ["AZUREML_MODEL_DIR"])


def run(raw_data):
    return service(json.loads(raw_data)["data"])
