# packages: scikit-learn==1.2
import json
import importlib
joblib = importlib.import_module("sklearn.externals.joblib")  # <- sklearn-externals:error


def init():
    global m
    m = joblib.load("model.pkl")


def run(raw):
    return m.predict(json.loads(raw)).tolist()
