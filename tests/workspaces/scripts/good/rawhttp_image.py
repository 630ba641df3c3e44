import io
import os

import torch
from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse
from PIL import Image
from torchvision import transforms

LABELS = ["cat", "dog"]
PREPARE = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor()])


def init():
    global net, device
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = torch.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "net.pt"), map_location=device)
    net.eval()


@rawhttp
def run(request):
    if request.method == "GET":
        return AMLResponse(str.encode(request.full_path), 200)
    if request.method != "POST":
        return AMLResponse("bad request", 500)
    body = request.get_data(False)
    image = Image.open(io.BytesIO(body)).convert("RGB")
    with torch.no_grad():
        output = net(PREPARE(image).unsqueeze(0).to(device))
        index = int(torch.argmax(output, 1).item())
    return {"label": LABELS[index], "score": torch.softmax(output, 1)[0, index].item()}
