def init():
    global names
    names = [i for i in xrange(3)]  # <- undefined-name:error


def run(raw_data):
    if isinstance(raw_data, unicode):  # <- undefined-name:error
        return names
    return raw_data
