def init():
    pass


def run():  # <- run-signature:error
    return 1
