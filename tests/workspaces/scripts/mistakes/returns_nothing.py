import json


def init():
    pass


def run(raw_data):  # <- run-returns-nothing:warning
    data = json.loads(raw_data)
    print(len(data))
