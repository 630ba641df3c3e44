import json

import numpy as np


def init():
    pass


def run(data):
    if isinstance(data, str):
        data = json.loads(data)
    values = data["data"]
    return np.asarray(values).mean().item()
