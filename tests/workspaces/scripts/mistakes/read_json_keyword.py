# packages: pandas==3.0.0
import pandas as pd
import joblib, os


def init():
    global m
    m = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(json_input):
    data = pd.read_json(path_or_buf=json_input, orient='split')  # <- read-json-text:error
    return m.predict(data).tolist()
