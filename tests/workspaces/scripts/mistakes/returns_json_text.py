import json

import pandas as pd


def init():
    pass


def run(raw_data):
    data = json.loads(raw_data)
    frame = pd.DataFrame(data["rows"])
    if not len(frame):
        return json.dumps([])  # <- return-twice-encoded:hint
    return frame.to_json(orient="records")  # <- return-twice-encoded:hint
