import importlib
import pickle
import pkgutil
from dataclasses import fields, is_dataclass

import mooring
from mooring.errors import MooringError, did_you_mean


def every_error():
    for module in pkgutil.walk_packages(mooring.__path__, "mooring."):
        if not module.name.endswith("__main__") and not {"migrations", "scoring"} & set(
            module.name.split(".")
        ):
            importlib.import_module(module.name)
    found, waiting = set(), [MooringError]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind not in found:
                found.add(kind)
                waiting.append(kind)
    return sorted(found, key=lambda kind: (kind.__module__, kind.__name__))


def test_every_error_survives_pickling():
    for kind in every_error():
        error = kind.__new__(kind)
        facts = {field.name: "fact" for field in fields(kind)} if is_dataclass(kind) else {"fact": "x"}
        error.__dict__.update(facts)

        again = pickle.loads(pickle.dumps(error))

        assert type(again) is kind
        assert vars(again) == facts


def test_every_error_has_a_code_of_its_own_words():
    for kind in every_error():
        code = kind.__dict__.get("code", "inherited")
        assert isinstance(code, property) or str(code).replace("-", "").isalnum(), kind


def test_a_close_word_is_suggested_and_a_far_one_is_not():
    assert did_you_mean("docket", ["docker", "kubernetes"]) == "; did you mean 'docker'?"
    assert did_you_mean("xyz", ["docker"]) == ""
