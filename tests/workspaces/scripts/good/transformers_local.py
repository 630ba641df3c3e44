import json
import os

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def init():
    global model, tokenizer
    path = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "bert")
    tokenizer = AutoTokenizer.from_pretrained(path)
    model = AutoModelForSequenceClassification.from_pretrained(path)
    model.eval()


def run(raw_data):
    texts = json.loads(raw_data)["texts"]
    with torch.no_grad():
        logits = model(**tokenizer(texts, return_tensors="pt", padding=True)).logits
    return logits.softmax(dim=-1).tolist()
