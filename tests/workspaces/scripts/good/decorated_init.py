import contextlib


@contextlib.contextmanager
def opened():
    yield 1


def init():
    global value
    with opened() as value:
        pass


def run(raw_data):
    return value
