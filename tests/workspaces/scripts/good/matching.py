import json


def init():
    pass


def run(raw_data):
    match json.loads(raw_data):
        case {"data": [first, *others], **extra}:
            return {"first": first, "others": others, "extra": extra}
        case [x, y] | (x, y, _):
            return x + y
        case str() as text if text:
            return text
        case {"kind": "point", "x": int(a)}:
            return a
        case _:
            return None
