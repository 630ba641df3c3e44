def init():
    pass


def run(request):
    try:
        text = request.get("text")  # <- body-not-parsed:error
        return len(text)
    except Exception as error:
        return str(error)
