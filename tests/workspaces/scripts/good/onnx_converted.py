import json
import os
import sys
import time

import numpy as np
import onnxruntime


def init():
    global session, input_name
    model = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.onnx")
    session = onnxruntime.InferenceSession(model, None)
    input_name = session.get_inputs()[0].name


def preprocess(input_data_json):
    return np.array(json.loads(input_data_json)["data"]).astype("float32")


def postprocess(result):
    return int(np.argmax(np.array(result).squeeze(), axis=0))


def run(input_data):
    try:
        start = time.time()
        data = preprocess(input_data)
        r = session.run([], {input_name: data})
        result = postprocess(r[0])
        end = time.time()
        return {"result": result, "time": end - start}
    except Exception as e:
        return {"error": str(e), "where": str(sys.exc_info()[0])}
