import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.pkl"))


def run(raw_data):
    try:
        data = json.loads(raw_data)["data"]
        result = model.predict(data)
    except Exception as e:
        result = str(e)
    return json.dumps({"result": result.tolist()})  # <- error-path-fails:warning  # <- return-twice-encoded:hint
