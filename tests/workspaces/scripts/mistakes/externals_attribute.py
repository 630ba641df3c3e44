# packages: scikit-learn==1.0.2
import json
from sklearn import externals



def init():
    global clf
    clf = externals.joblib.load("azureml-models/m/1/m.pkl")  # <- sklearn-externals:error  # <- fixed-path:warning



def run(raw):
    return clf.predict(json.loads(raw)["data"]).tolist()
