"""A form for a deployment configuration shows what the configuration has, and never asks for a key."""

import json

import pytest

from mooring.configs import DEPLOYMENT_CONFIGS
from mooring.configs.config_form import config_fields


@pytest.mark.parametrize("compute_type", list(DEPLOYMENT_CONFIGS))
def test_every_field_is_an_attribute_that_the_config_takes(compute_type):
    fields = config_fields(compute_type)

    kind = DEPLOYMENT_CONFIGS[compute_type]
    assert all(hasattr(kind.of({}), field.name) for field in fields)
    assert not any(
        "key" in field.name and field.name.startswith(("primary", "secondary")) for field in fields
    )
    assert json.dumps([field.to_dict() for field in fields])


def test_a_process_is_asked_for_its_port_and_authentication_and_not_for_what_does_nothing():
    names = {field.name: field for field in config_fields("process")}

    assert names["port"].kind == "integer"
    assert names["auth_enabled"].default is False
    assert "cpu_cores" not in names
