import json
import os
from pathlib import Path

import joblib


def init():
    global model
    folder = Path(os.environ["AZUREML_MODEL_DIR"])
    for name in ("model.joblib", "best.joblib"):
        if (folder / name).exists():
            model = joblib.load(folder / name)
            return
    raise FileNotFoundError(f"no model below {folder}")


def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
