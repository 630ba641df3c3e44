import json
import os
from io import StringIO

import joblib
import pandas as pd


def init():
    global model, columns
    base = os.environ["AZUREML_MODEL_DIR"]
    model = joblib.load(os.path.join(base, "model.pkl"))
    columns = pd.read_csv(os.path.join(base, "columns.csv"))["name"].tolist()


def run(raw_data):
    frame = pd.read_json(StringIO(raw_data), orient="split")
    frame = frame.drop(columns=["id"], errors="ignore").drop("x", axis=1, errors="ignore")
    frame = pd.concat([frame, pd.DataFrame(columns=columns)])
    frame["p"] = model.predict(frame)
    return json.loads(frame.to_json(orient="records"))
