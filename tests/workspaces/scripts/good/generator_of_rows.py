import json


def init():
    pass


def run(raw_data):
    data = json.loads(raw_data)
    return list(rows(data))


def rows(data):
    for row in data["data"]:
        yield [float(cell) for cell in row]
