import os
import subprocess
import sys

import spacy
from spacy.cli.download import download as spacy_download


def init():
    global nlp
    spacy_download("en")  # <- download:warning
    spacy.cli.download("en_core_web_sm")  # <- download:warning
    os.system("python -m spacy download en")  # <- download:warning
    subprocess.check_call([sys.executable, "-m", "pip", "install", "textblob"])  # <- download:warning
    nlp = spacy.load("en")


def run(raw_data):
    return [token.text for token in nlp(raw_data)]
