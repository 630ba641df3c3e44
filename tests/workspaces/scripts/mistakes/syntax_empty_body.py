def init():


def run(raw_data):  # <- entry-script-syntax:error
    return raw_data
