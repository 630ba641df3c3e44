import json

def init():
	global n
	n = 1

def run(raw_data):
	try:
		return json.loads(raw_data)["n"] + n
	except KeyError:
		return n
