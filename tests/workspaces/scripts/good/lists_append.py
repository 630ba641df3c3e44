import json


def init():
    global history
    history = []


def run(raw_data):
    rows = []
    for item in json.loads(raw_data)["data"]:
        rows.append(item)
    history.append(len(rows))
    names = ["a"]
    names = names + ["b"]
    return rows
