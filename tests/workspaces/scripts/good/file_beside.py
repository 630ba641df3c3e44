import json
import os
from pathlib import Path

HERE = Path(__file__).resolve().parent


def init():
    global labels, extra
    labels = json.loads((HERE / "labels.json").read_text())
    with open(os.path.join(os.path.dirname(os.path.realpath(__file__)), "extra.json")) as file:
        extra = json.load(file)


def run(raw_data):
    return [labels, extra, raw_data]
