# packages: pandas==2.0.3
import json

import pandas as pd


def add(frame, row):
    frame = frame.append(row)  # <- pandas-removed:warning
    return frame


def init():
    pass


def run(raw_data):
    return add(pd.DataFrame(), json.loads(raw_data)).to_dict("records")
