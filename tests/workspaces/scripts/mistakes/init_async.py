import json


async def init():  # <- async-init:warning
    global ready
    ready = True


def run(raw_data):
    return [json.loads(raw_data), ready]
