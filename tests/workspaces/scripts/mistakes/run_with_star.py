def init():
    pass


def run(*data):  # <- run-signature:error
    return data[0]
