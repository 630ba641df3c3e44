def logged(function):
    def wrapper(*args, **kwargs):
        print(args, kwargs)
        return function(*args, **kwargs)

    return wrapper


def init():
    pass


@logged
def run(raw_data):  # <- run-signature:error
    return raw_data
