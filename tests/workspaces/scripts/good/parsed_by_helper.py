import json


def parse(text):
    return json.loads(text)["data"]


def init():
    pass


def run(raw_data):
    rows = parse(raw_data)
    return {"rows": len(rows), "first": raw_data[0], "head": raw_data[:20]}
