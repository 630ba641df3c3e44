"""Whatever a document holds, inspecting it gives findings and never an exception of another kind."""

import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mooring.configs import (
    DEPLOYMENT_CONFIGS,
    ConfigUnreadable,
    InferenceConfig,
    InvalidDeploymentConfig,
    InvalidInferenceConfig,
    inspect_deployment_config,
    inspect_inference_config,
    is_deployment_config,
    is_inference_config,
    read_document,
    settings_of,
)
from mooring.configs.environment_keys import ENVIRONMENT_SETTINGS
from mooring.findings import Finding, Span

VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=6)
    | st.just("True")
    | st.just("3"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def contents(draw, keys):
    content = {}
    for path in draw(st.lists(st.sampled_from(keys), max_size=8)):
        section = content
        for step in path[:-1]:
            if not isinstance(section.get(step), dict):
                section[step] = {}
            section = section[step]
        section[path[-1]] = draw(VALUE)
    return content


DEPLOYMENT_KEYS = sorted(
    {p for cls in DEPLOYMENT_CONFIGS.values() for s in settings_of(cls).values() for p in s.paths}
)
INFERENCE_KEYS = [p for s in settings_of(InferenceConfig).values() for p in s.paths]
INFERENCE_KEYS += [("environment", *s.path) for s in ENVIRONMENT_SETTINGS]


def check(findings):
    for finding in findings:
        assert finding.problem
        assert finding.severity in {"error", "warning", "information", "hint"}
        assert finding.span.line >= 1
        json.dumps(finding.to_dict())


@settings(max_examples=300, deadline=None)
@given(contents(DEPLOYMENT_KEYS), st.sampled_from([*DEPLOYMENT_CONFIGS, "x"]))
def test_any_deployment_config(content, compute_type):
    document = read_document(json.dumps({"computeType": compute_type, **content}), path="dc.json")

    config, findings = inspect_deployment_config(document)

    check(findings)
    assert (config is None) == (compute_type == "x")
    if config is not None:
        repr(config)
        json.dumps(config.to_dict())
        config.server_options()
        is_deployment_config(document)


@settings(max_examples=300, deadline=None)
@given(contents(INFERENCE_KEYS))
def test_any_inference_config(content):
    document = read_document(json.dumps({**content}), path="ic.json")

    config, findings = inspect_inference_config(document)

    check(findings)
    is_inference_config(document)
    repr(config)
    json.dumps(config.to_dict(), default=str)


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_any_text_that_can_be_read(text):
    try:
        document = read_document(text)
    except ConfigUnreadable:
        return
    check(inspect_deployment_config(document)[1])
    check(inspect_inference_config(document)[1])
    assert not is_deployment_config(document)


@pytest.mark.parametrize(
    "error",
    [
        ConfigUnreadable(path="ic.json", reason="it is empty", flag="--ic", span=Span(1, 2, 3, 4)),
        InvalidDeploymentConfig(findings=(Finding("a", "error", "b.", "c."),), flag="--dc"),
        InvalidInferenceConfig(findings=(Finding("a", "error", "b.", "c."),)),
    ],
)
def test_errors_survive_the_way_between_processes(error):
    again = pickle.loads(pickle.dumps(error))

    assert (str(again), again.code, again.to_dict()) == (str(error), error.code, error.to_dict())
