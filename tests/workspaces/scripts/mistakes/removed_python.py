# python: 3.10
import time
from collections import Mapping  # <- python-removed:error


def init():
    pass


def run(raw_data):
    start = time.clock()  # <- python-removed:warning
    return [isinstance(raw_data, Mapping), start]
