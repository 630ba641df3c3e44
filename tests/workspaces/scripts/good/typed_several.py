def init():
    pass


def run(age: int, income: float):
    return {"ratio": income / age}
