# <- init-missing:error  # <- run-missing:error
class Scorer:
    def init(self):
        pass

    def run(self, raw_data):
        return raw_data
