import json

import torch
from tensorflow.keras.applications.resnet50 import ResNet50
from transformers import BertTokenizer


def init():
    global tokenizer, net, featurizer
    tokenizer = BertTokenizer.from_pretrained("bert-base-uncased")  # <- download:warning
    net = torch.hub.load("pytorch/vision", "resnet18")  # <- download:warning
    featurizer = ResNet50(weights="imagenet")  # <- download:warning


def run(raw_data):
    return tokenizer.encode(json.loads(raw_data)["text"])
