import json, joblib, os


def init():
    global m
    m = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))
run = lambda: m.predict([[1]]).tolist()  # <- run-signature:error
