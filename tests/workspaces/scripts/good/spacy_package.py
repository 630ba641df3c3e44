import json

import spacy


def init():
    global nlp
    nlp = spacy.load("en_core_web_sm")


def run(raw_data):
    doc = nlp(json.loads(raw_data)["text"])
    return [(ent.text, ent.label_) for ent in doc.ents]
