import json
import os

import joblib

model = None


def init():
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))  # <- global-missing:error
    print(model)


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
