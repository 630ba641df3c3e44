def init(path):  # <- init-signature:error
    print(path)


def run(raw_data):
    return raw_data
