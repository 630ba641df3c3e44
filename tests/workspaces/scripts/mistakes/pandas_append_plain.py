# packages: pandas
import json

import pandas as pd


def init():
    pass


def run(raw_data):
    rows = pd.DataFrame()
    for item in json.loads(raw_data):
        rows = rows.append(pd.DataFrame([item]))  # <- pandas-removed:warning
    return rows.to_dict("records")
