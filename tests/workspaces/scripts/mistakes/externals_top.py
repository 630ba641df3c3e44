# packages: scikit-learn==0.24.2
import json
import os
from sklearn.externals import joblib  # <- sklearn-externals:error


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
