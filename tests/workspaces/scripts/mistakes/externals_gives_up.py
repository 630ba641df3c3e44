# packages: scikit-learn==1.2
import json
try:
    from sklearn.externals import joblib  # <- sklearn-externals:error
except ImportError as e:
    print("no joblib", e)
    raise


def init():
    global m
    m = joblib.load("model.pkl")  # <- fixed-path:warning


def run(raw):
    return m.predict(json.loads(raw)).tolist()
