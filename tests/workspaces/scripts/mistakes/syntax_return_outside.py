def init():
    pass


def run(raw_data):
    x = 1

return x  # <- entry-script-syntax:error
