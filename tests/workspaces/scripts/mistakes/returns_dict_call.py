import json, os, pickle


def init():
    global model
    with open(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"), "rb") as fh:
        model = pickle.load(fh)


def run(raw):
    return dict(result=model.predict(json.loads(raw)["data"]))  # <- return-not-json:warning
