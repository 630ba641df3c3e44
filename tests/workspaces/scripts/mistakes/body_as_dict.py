import os


def init():
    global n
    n = 1


def run(raw_data):
    rows = raw_data["data"]  # <- body-not-parsed:error
    return [row + n for row in rows]
