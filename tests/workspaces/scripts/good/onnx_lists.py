import json
import os

import numpy as np
import onnxruntime as rt


def init():
    global sess
    sess = rt.InferenceSession(os.path.join(os.environ["AZUREML_MODEL_DIR"], "m.onnx"))


def run(raw_data):
    rows = np.asarray(json.loads(raw_data)["data"], dtype=np.float32)
    labels, scores = sess.run(None, {sess.get_inputs()[0].name: rows})
    return {"labels": labels.tolist(), "scores": [{str(k): float(v) for k, v in row.items()} for row in scores]}
