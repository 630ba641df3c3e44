import os


def init():
    global root
    root = os.environ.get("AZUREML_MODEL_DIR", "azureml-models")
    print(os.getenv("AZUREML_ENTRY_SCRIPT"), os.getenv("AML_APP_ROOT"), os.getenv("AZUREML_MODEL_NAME"))
    print(os.getenv("AZUREML_MODEL_FILE"), os.environ.get("AZUREML_RUN_ID"), os.getenv("AZURE_MODEL_NAME"))


def run(raw_data):
    return root
