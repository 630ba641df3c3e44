def init(model_name="m"):
    print(model_name)


def run(raw_data, request_headers, flag=1):
    return {"flag": flag, "agent": request_headers.get("User-Agent"), "n": len(raw_data)}
