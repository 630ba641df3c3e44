"""The script's own classes, as far as they matter to what JSON can hold."""

from __future__ import annotations

import ast

from mooring.inspection.script import Script

_PLAIN_BASES = {"pydantic.BaseModel", "pydantic.main.BaseModel", "abc.ABC"}


def is_plain_class(script: Script, name: str) -> bool:
    """Whether a name is a class of the script whose objects JSON can't hold: no kind of dict, list, text or number."""
    binders = script.index.module.binds.get(name, [])
    made = binders[0] if len(binders) == 1 else None
    if not isinstance(made, ast.ClassDef) or made.keywords or not _is_understood(script, made):
        return False
    return all(
        script.dotted(base) in _PLAIN_BASES or (isinstance(base, ast.Name) and base.id == "object")
        for base in made.bases
    )


def _is_understood(script: Script, made: ast.ClassDef) -> bool:
    """Whether nothing makes the class more than it looks: no decorator but `dataclass`, no `__new__`."""
    heads = [node.func if isinstance(node, ast.Call) else node for node in made.decorator_list]
    is_plain = all(script.dotted(head) in {"dataclasses.dataclass", "dataclasses"} for head in heads)
    return is_plain and not any(getattr(node, "name", "") == "__new__" for node in made.body)
