import json
import os

import azureml.train.automl  # <- automl-import:information
import joblib
from azureml.explain.model.scoring.scoring_explainer import load_scoring  # <- automl-import:information


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(raw_data):
    return [str(load_scoring), model.predict(json.loads(raw_data)["data"]).tolist()]
