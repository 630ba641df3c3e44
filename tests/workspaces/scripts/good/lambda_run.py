import json

init = lambda: None
run = lambda raw_data: json.loads(raw_data)
