import json
import os

from my_models import Net


def init():
    global model
    model = Net()
    folder = "/structure/azureml-app/azureml-models/net/1"
    model.load_weights(os.path.join(folder, "weights.h5"))  # <- fixed-path:warning


def run(raw_data):
    return model(json.loads(raw_data))
