import json


def init():
    pass


async def run(raw_data):  # <- async-run:warning
    return json.loads(raw_data)
