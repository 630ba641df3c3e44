import json


class Scorer:
    limit = 3

    def check(self, value):
        return value < limit  # <- undefined-name:error


def init():
    global scorer
    scorer = Scorer()


def run(raw_data):
    def parse(text):
        return json.loads(text) or defualt  # <- undefined-name:error

    return [scorer.check(v) for v in parse(raw_data)]
