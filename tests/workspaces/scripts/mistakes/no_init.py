import json, joblib, os  # <- init-missing:error
from azureml.core.model import Model
model = joblib.load(Model.get_model_path("m"))


def run(raw):
    return model.predict(json.loads(raw)).tolist()
