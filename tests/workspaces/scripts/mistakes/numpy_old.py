# packages: numpy==1.26.4
import json

import numpy as np


def init():
    pass


def run(raw_data):
    rows = np.array(json.loads(raw_data)["data"], dtype=np.float)  # <- numpy-removed:warning
    mask = rows.astype(np.object)  # <- numpy-removed:warning
    return [np.asscalar(rows[0, 0]), mask.tolist()]  # <- numpy-removed:warning
