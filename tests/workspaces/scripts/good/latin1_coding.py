# -*- coding: latin-1 -*-
# déjà vu
def init():
    pass


def run(raw_data):
    return "é" + raw_data
