# packages: pillow==10.2.0
import io

from azureml.contrib.services.aml_request import rawhttp
from PIL import Image


def init():
    pass


@rawhttp
def run(request):
    image = Image.open(io.BytesIO(request.get_data(False)))
    return list(image.resize((8, 8), Image.ANTIALIAS).getdata())  # <- pillow-removed:warning
