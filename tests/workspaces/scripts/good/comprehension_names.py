import json

from somewhere import inject


def init():
    pass


@inject(model="m")
def run(*args, **kwargs):
    return len(args)


def other(data):
    return [data["a"] for data in json.loads(data)]
