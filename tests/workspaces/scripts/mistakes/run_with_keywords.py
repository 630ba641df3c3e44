def init():
    pass


def run(data, **more):  # <- run-signature:error
    return [data, more]
