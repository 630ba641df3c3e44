import json, os, joblib


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(raw):
    preds = model.predict(json.loads(raw)["data"])
    return map(float, preds)  # <- return-not-json:error
