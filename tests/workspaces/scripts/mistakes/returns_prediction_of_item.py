import json, os, joblib
models = {}


def init():
    models["a"] = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(raw):
    return models["a"].predict(json.loads(raw)["data"])  # <- return-not-json:warning
