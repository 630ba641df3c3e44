import json

import nltk
from nltk.corpus import stopwords

nltk.download("stopwords")  # <- download:warning


def init():
    global words
    nltk.download("punkt", quiet=True)  # <- download:warning
    words = stopwords.words("english")


def run(raw_data):
    return [word for word in json.loads(raw_data)["text"].split() if word not in words]
