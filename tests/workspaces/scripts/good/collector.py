import json
import os

import joblib
from azureml.monitoring import ModelDataCollector


def init():
    global model, inputs_dc, prediction_dc
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))
    inputs_dc = ModelDataCollector("best_model", designation="inputs", feature_names=["a", "b"])
    prediction_dc = ModelDataCollector("best_model", designation="predictions", feature_names=["p"])


def run(raw_data):
    data = json.loads(raw_data)["data"]
    result = model.predict(data)
    inputs_dc.collect(data)
    prediction_dc.collect(result)
    return {"result": result.tolist()}
