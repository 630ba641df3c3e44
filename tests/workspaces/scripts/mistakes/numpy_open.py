import json

import numpy


def init():
    pass


def run(raw_data):
    rows = numpy.array(json.loads(raw_data)["data"], dtype=numpy.int)  # <- numpy-removed:information
    return rows.tolist()
