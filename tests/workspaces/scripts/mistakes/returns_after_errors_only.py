import json, joblib, os


def init():
    global m
    m = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(raw):  # <- run-returns-nothing:warning
    try:
        result = m.predict(json.loads(raw)).tolist()
        print(result)
    except Exception as e:
        return str(e)
