"""Old code calls by position and by name: both must mean what they meant."""

import importlib.util
import inspect
from pathlib import Path

import pytest

import mooring
import mooring.sdk

_spec = importlib.util.spec_from_file_location("v1_signatures", Path(__file__).with_name("v1_signatures.py"))
v1_signatures = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(v1_signatures)

# What differs on purpose: a default that only a cloud could give.
OTHER_DEFAULTS = {("CondaDependencies.create", "python_version"), ("Workspace.list", "subscription_id")}


def ours(call):
    name, method = call.split(".")
    kind = getattr(mooring, name, None) or getattr(mooring.sdk, name)
    return inspect.signature(getattr(kind, method)).parameters


@pytest.mark.parametrize("call", sorted(v1_signatures.V1))
def test_a_call_takes_what_v1_took_in_its_order(call):
    wanted = v1_signatures.V1[call]
    found = [p for p in ours(call).values() if p.name != "self" and not p.name.startswith("_")]
    named = [p.name for p in found if p.kind in (p.POSITIONAL_OR_KEYWORD, p.POSITIONAL_ONLY)]

    assert named[: len(wanted)] == [name for name, _default in wanted]


@pytest.mark.parametrize("call", sorted(v1_signatures.V1))
def test_a_call_has_v1s_defaults(call):
    found = ours(call)

    for name, default in v1_signatures.V1[call]:
        if (call, name) in OTHER_DEFAULTS:
            continue
        if default is v1_signatures.REQUIRED:
            assert found[name].default is inspect.Parameter.empty, name
        else:
            assert found[name].default == default, name
