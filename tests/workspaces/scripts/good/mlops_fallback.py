import json
import os

import joblib
import numpy
from azureml.core.model import Model


def init():
    global model
    try:
        model_path = Model.get_model_path(os.getenv("MODEL_NAME", "diabetes"))
    except Exception:
        model_path = "models/model.pkl"
    model = joblib.load(model_path)


def run(raw_data, request_headers):
    data = json.loads(raw_data)["data"]
    data = numpy.array(data)
    result = model.predict(data)
    print(
        ('{{"RequestId":"{0}", "TraceParent":"{1}", "NumberOfPredictions":{2}}}').format(
            request_headers.get("X-Ms-Request-Id", ""), request_headers.get("Traceparent", ""), len(result)
        )
    )
    return {"result": result.tolist()}


if __name__ == "__main__":
    init()
    test_row = '{"data":[[1,2],[10,9]]}'
    prediction = run(test_row, {})
    print("Test result: ", prediction)
