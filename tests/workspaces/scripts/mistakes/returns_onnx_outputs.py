import json
import os

import numpy as np
import onnxruntime


def init():
    global session
    session = onnxruntime.InferenceSession(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.onnx"))


def run(raw_data):
    rows = np.array(json.loads(raw_data)["data"], dtype="float32")
    outputs = session.run(None, {"x": rows})
    return outputs  # <- return-not-json:warning
