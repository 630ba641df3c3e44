import json
from transformers import pipeline


def init():
    global p
    p = pipeline("sentiment-analysis")  # <- download:warning


def run(raw):
    return p(json.loads(raw)["text"])
