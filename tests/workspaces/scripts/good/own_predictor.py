import json

from my_package.predictor import Predictor


def init():
    global predictor
    predictor = Predictor()


def run(raw_data):
    return predictor.predict(json.loads(raw_data))
