import json, joblib, os, datetime


def init():
    global m
    m = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(raw):
    r = m.predict(json.loads(raw)["data"]).tolist()
    return {"r": r, "at": datetime.datetime.now()}  # <- return-not-json:error
