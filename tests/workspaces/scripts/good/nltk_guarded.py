import json

import nltk

try:
    nltk.data.find("tokenizers/punkt")
except LookupError:
    nltk.download("punkt")


def init():
    pass


def run(raw_data):
    return nltk.word_tokenize(json.loads(raw_data)["text"])
