import json
import os

import numpy as np
from tensorflow.keras.models import load_model


def init():
    global model, graph
    model = load_model(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.h5"))
    graph = None


def run(raw_data):
    image = np.asarray(json.loads(raw_data)["image"]).reshape(1, 28, 28, 1) / 255.0
    prediction = model.predict(image)
    label = np.argmax(prediction, axis=1)[0]
    return {"label": int(label), "confidence": float(np.max(prediction))}
