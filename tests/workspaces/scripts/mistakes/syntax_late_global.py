model = None


def init():
    model = 1
    global model  # <- entry-script-syntax:error


def run(raw_data):
    return model
