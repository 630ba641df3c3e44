import json
import urllib
import urllib.request
from urllib.request import urlretrieve

import requests


def fetch(url):
    return requests.get(url).content  # <- download:warning


def init():
    urllib.request.urlretrieve("https://example.org/a.h5", "a.h5")  # <- download:warning
    urlretrieve("https://example.org/b.h5", "b.h5")  # <- download:warning


def run(raw_data):
    return len(fetch(json.loads(raw_data)["url"]))
