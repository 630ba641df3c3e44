import json

import numpy as np


def init():
    pass


def run(raw_data):
    scores = np.array(json.loads(raw_data)["data"])
    return {"best": np.argmax(scores)}  # <- return-not-json:error
