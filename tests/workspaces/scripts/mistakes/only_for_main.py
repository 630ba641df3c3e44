if __name__ == "__main__":
    def init():  # <- init-missing:error
        pass


def run(raw_data):
    return raw_data
