import sys


def init():
    print("loaded")
    sys.exit(0)  # <- script-exits:error


def run(raw_data):
    return raw_data


quit()  # <- script-exits:error
