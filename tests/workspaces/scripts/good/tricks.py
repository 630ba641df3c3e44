import json

for _name in ("alpha", "beta"):
    globals()[_name] = _name.upper()


def init():
    exec("gamma = 3", globals())


def run(raw_data):
    return [alpha, beta, gamma, json.loads(raw_data)]
