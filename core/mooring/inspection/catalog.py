"""All rules, by code, and the functions that look for them in scripts."""

from __future__ import annotations

from mooring.inspection.config_rules import CONFIG_RULES
from mooring.inspection.environment_files import ENVIRONMENT_RULES
from mooring.inspection.project_rules import PROJECT_RULES
from mooring.inspection.rule import Check, Rule
from mooring.inspection.rules import (
    arrays,
    azure,
    bodies,
    definitions,
    downloads,
    file_arguments,
    loading,
    names,
    pandas,
    places,
    returning,
    schema,
    schema_samples,
    schema_types,
    schema_values,
    swallowing,
    syntax,
    versions,
)
from mooring.inspection.workspace_files import WORKSPACE_CONFIG

CHECKS: tuple[Check, ...] = tuple(
    found
    for module in (
        definitions,
        names,
        schema,
        schema_samples,
        schema_types,
        schema_values,
        arrays,
        bodies,
        returning,
        loading,
        downloads,
        places,
        file_arguments,
        swallowing,
        versions,
        pandas,
        azure,
    )
    for found in vars(module).values()
    if isinstance(found, Check)
)

SCRIPT_RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (syntax.SYNTAX, syntax.UNREADABLE, *(rule for check in CHECKS for rule in check.rules))
}

RULES: dict[str, Rule] = {
    **SCRIPT_RULES,
    **{rule.code: rule for rule in (*ENVIRONMENT_RULES, *PROJECT_RULES, *CONFIG_RULES, WORKSPACE_CONFIG)},
}
