import json

import numpy as np
import pandas as pd


def init():
    pass


def run(raw_data):
    rows = np.array(json.loads(raw_data)["data"])
    if rows.ndim == 1:
        return rows.reshape(-1, 1)  # <- return-not-json:warning
    frame = pd.DataFrame(rows)
    return frame  # <- return-not-json:error
