import functools
import json
import time


def timed(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start = time.time()
        try:
            return function(*args, **kwargs)
        finally:
            print("took", time.time() - start)

    return wrapper


def make_adder(n):
    total = 0

    def add(x):
        nonlocal total
        total += x
        return total + n

    return add


@timed
def init():
    global adder
    adder = make_adder(3)


@timed
def run(raw_data):
    return adder(json.loads(raw_data)["x"])
