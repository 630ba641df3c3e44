import json, joblib, os


def init():
    global m
    m = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(raw):
    try:
        preds = m.predict(json.loads(raw)["data"])
    except Exception as exc:
        err = str(exc)
        return err.tolist()  # <- error-path-fails:warning
    return preds.tolist()
