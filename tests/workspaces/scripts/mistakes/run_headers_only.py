def init():
    pass


def run(request_headers):  # <- run-signature:error
    return dict(request_headers)
