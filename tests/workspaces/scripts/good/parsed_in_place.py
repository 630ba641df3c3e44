import json


def init():
    pass


def run(data):
    data = json.loads(data)
    return {"rows": len(data["data"])}
