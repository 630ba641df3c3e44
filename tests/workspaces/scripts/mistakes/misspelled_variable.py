import os


def init():
    global root
    root = os.environ["AZUREML_MODELS_DIR"]  # <- variable-misspelled:warning
    print(os.getenv("AZURE_ML_MODEL_DIR"))  # <- variable-misspelled:warning


def run(raw_data):
    return root
