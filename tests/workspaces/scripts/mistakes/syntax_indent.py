def init():
    pass


def run(raw_data):
    x = 1
      y = 2  # <- entry-script-syntax:error
    return x
