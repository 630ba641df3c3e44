import json

import torch
from tensorflow.keras.models import load_model


def init():
    global model, net
    model = load_model("/var/azureml-app/azureml-models/cnn/1/cnn.h5")  # <- fixed-path:warning
    net = torch.load(r"C:\Users\me\net.pt")  # <- fixed-path:warning


def run(raw_data):
    return [str(model), str(net), json.loads(raw_data)]
