"""uv's errors, as uv 0.13 words them, read into one cause and one remedy."""

import pytest

from mooring.environments.verdicts import failure_of, judge

WORDS = {
    "package-not-found": """error: No solution found when resolving dependencies
  cause: Because scikit-lern was not found in the package registry and you require scikit-lern==0.22.2, we can
         conclude that your requirements are unsatisfiable.""",
    "no-wheel": """error: No solution found when resolving dependencies
  cause: Because tensorflow==1.14.0 has no wheels with a matching Python ABI tag (e.g., `cp38`) and you require
         tensorflow==1.14.0, we can conclude that your requirements are unsatisfiable.""",
    "version-not-found": """error: No solution found when resolving dependencies
  cause: Because there is no version of numpy==99.18.5 and you require numpy==99.18.5, we can conclude that your
         requirements are unsatisfiable.""",
    "conflict": """error: No solution found when resolving dependencies
  cause: Because pandas==2.0.3 depends on numpy{python_full_version < '3.10'}>=1.20.3 and you require
         numpy==1.18.5, we can conclude that your requirements and pandas==2.0.3 are incompatible.
         And because you require pandas==2.0.3, we can conclude that your requirements are unsatisfiable.""",
    "hash-mismatch": """Resolved 1 package in 187ms
error: Failed to download `six==1.16.0`
  cause: Hash mismatch for `six==1.16.0`""",
    "network": """error: Request failed after 3 retries in 4.4s
  cause: Failed to fetch: https://127.0.0.1:9/simple/inference-schema/
  cause: error sending request for url (https://127.0.0.1:9/simple/inference-schema/)
  cause: tcp connect error""",
    "offline": """error: No solution found when resolving dependencies
  cause: Because scikit-learn was not found in the cache and you require scikit-learn==0.22.2, we can conclude
         that your requirements are unsatisfiable.

hint: Packages were unavailable because the network was disabled.""",
    "disk-full": """error: Failed to install: numpy-1.26.4-cp311.whl (numpy==1.26.4)
  cause: failed to copy file: No space left on device (os error 28)""",
    "build-failed": """error: Failed to build `pyodbc==4.0.30`
  cause: The build backend returned an error""",
    "credentials": """error: Failed to fetch: https://i.example/simple/numpy/
  cause: HTTP status client error (401 Unauthorized) for url (https://i.example/simple/numpy/)""",
}
ABOUT = {
    "package-not-found": ("scikit-lern",),
    "no-wheel": ("tensorflow",),
    "version-not-found": ("numpy",),
    "conflict": ("numpy", "pandas"),
    "build-failed": ("pyodbc",),
    "hash-mismatch": ("six",),
}


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_each_kind_is_recognised(kind):
    verdict = judge(WORDS[kind])

    assert (verdict.kind, verdict.packages) == (kind, ABOUT.get(kind, ()))


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_each_failure_has_a_cause_a_remedy_and_uvs_own_words(kind):
    failure = failure_of(judge(WORDS[kind]), "3.8")

    assert failure.problem.endswith(".")
    assert failure.remedy.endswith(".")
    assert failure.to_dict()["evidence"] == WORDS[kind]


def test_a_misspelt_package_gets_a_suggestion():
    failure = failure_of(judge(WORDS["package-not-found"]), "3.8")

    assert "did you mean 'scikit-learn'?" in failure.problem


def test_a_conflict_names_both_sides_and_the_reason():
    failure = failure_of(judge(WORDS["conflict"]), "3.8")

    assert "'numpy' and 'pandas' can't be installed together" in failure.problem
    assert "pandas==2.0.3 depends on numpy>=1.20.3, but numpy==1.18.5 is required" in failure.problem


def test_requirements_that_contradict_each_other_are_both_shown():
    words = """error: No solution found when resolving dependencies
      cause: Because you require numpy==1.26.4 and numpy<1.20, we can conclude that your requirements are unsatisfiable."""
    failure = failure_of(judge(words), "3.8")

    assert failure.problem == "The requirements contradict each other: numpy==1.26.4 and numpy<1.20."


def test_unknown_words_are_shown_rather_than_guessed_at():
    failure = failure_of(judge("error: The moon is in the wrong phase"), "3.8")

    assert failure.kind == "unknown"
    assert "The moon is in the wrong phase" in failure.problem
