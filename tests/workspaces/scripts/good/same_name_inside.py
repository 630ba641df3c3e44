import json


def init():
    pass


def run(data):
    rows = {data["id"]: data.get("x") for data in json.loads(data)}
    pick = lambda data: data["id"]
    return [rows, [pick(row) for row in rows]]
