from helpers import *


def init():
    load_everything()


def run(raw_data):
    return answer(raw_data)
