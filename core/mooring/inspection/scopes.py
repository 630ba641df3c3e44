"""One walk over a syntax tree: nodes by kind, parents, and who binds and reads which name where."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

Function = ast.FunctionDef | ast.AsyncFunctionDef
ScopeKind = Literal["module", "class", "function", "comprehension"]

_Visit = Callable[["Scope", Any], "list[ast.AST]"]

_LEAVES = {
    "ctx", "op", "ops", "id", "attr", "arg", "module", "level", "value_kind", "type_comment", "rest", "is_async",
    "simple", "type_ignores", "conversion", "kind", "tag",
}  # fmt: skip


def _fields_of(kind: type[ast.AST]) -> tuple[str, ...]:
    if kind in (ast.Constant, ast.Global, ast.Nonlocal, ast.alias):
        return ()
    return tuple(name for name in kind._fields if name not in _LEAVES)


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    kind: _fields_of(kind)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}


class Scope:
    """Where names live.

    Attributes:
        node: Module, function, lambda, class or comprehension.
        binds: Names that it binds, with the nodes that do.
        loads: Names that are read in it, with the places.
        global_names: Names that `global` hands to the module.
        nonlocal_names: Names that `nonlocal` hands to a function around.
    """

    __slots__ = ("binds", "global_names", "kind", "loads", "node", "nonlocal_names", "parent")

    def __init__(self, node: ast.AST, kind: ScopeKind, parent: Scope | None = None) -> None:
        self.node = node
        self.kind: ScopeKind = kind
        self.parent = parent
        self.binds: dict[str, list[ast.AST]] = {}
        self.loads: dict[str, list[ast.Name]] = {}
        self.global_names: set[str] = set()
        self.nonlocal_names: set[str] = set()

    def bind(self, name: str, node: ast.AST) -> None:
        """Note that a name is bound here."""
        known = self.binds.get(name)
        if known is None:
            self.binds[name] = [node]
        else:
            known.append(node)


class Index:
    """What one walk over a tree finds.

    Attributes:
        parents: Node to the node around it.
        scopes: All scopes, the module's first.
        star_imports: `from x import *`, which may bind any name.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.parents: dict[ast.AST, ast.AST] = {}
        self.scopes: list[Scope] = []
        self.star_imports: list[ast.ImportFrom] = []
        self.scope_of_function: dict[ast.AST, Scope] = {}
        self._by_kind: dict[type[ast.AST], list[Any]] = defaultdict(list)
        self._queue: list[tuple[Scope, list[ast.AST]]] = []
        self._has_lazy_annotations = _has_lazy_annotations(tree)
        self._special = self._visitors()
        module = self._new_scope(tree, "module", None)
        self._by_kind[ast.Module].append(tree)
        self._adopt(tree, tree.body)
        self._queue.append((module, list(tree.body)))
        while self._queue:
            scope, roots = self._queue.pop()
            self._walk(scope, roots)
        self._special = {}  # they refer back to this object, and a cycle would keep the tree until the next collection

    @property
    def module(self) -> Scope:
        """The scope of the whole file."""
        return self.scopes[0]

    def of(self, *kinds: type[Any]) -> Iterator[Any]:
        """All nodes of these kinds, in no particular order."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, the nearest first."""
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def _new_scope(self, node: ast.AST, kind: ScopeKind, parent: Scope | None) -> Scope:
        scope = Scope(node, kind, parent)
        self.scopes.append(scope)
        self.scope_of_function[node] = scope
        return scope

    def _adopt(self, parent: ast.AST, children: Iterable[ast.AST | None]) -> list[ast.AST]:
        parents = self.parents
        found: list[ast.AST] = []
        for child in children:
            if child is not None:
                parents[child] = parent
                found.append(child)
        return found

    def _walk(self, scope: Scope, roots: list[ast.AST]) -> None:  # noqa: C901, PLR0912  the loop that most of the time is spent in
        """Visit what belongs to one scope; scopes inside are queued."""
        parents, by_kind, fields, special = self.parents, self._by_kind, _FIELDS, self._special
        loads, constants = scope.loads, by_kind[ast.Constant]
        stack = roots[::-1]
        pop, push = stack.pop, stack.append
        while stack:
            node = pop()
            kind = node.__class__
            by_kind[kind].append(node)
            if kind is ast.Name:
                name: ast.Name = node  # type: ignore[assignment]
                if name.ctx.__class__ is ast.Load:
                    known = loads.get(name.id)
                    if known is None:
                        loads[name.id] = [name]
                    else:
                        known.append(name)
                else:
                    scope.bind(name.id, name)
                continue
            visit = special.get(kind)
            if visit is not None:
                stack.extend(visit(scope, node))
                continue
            for name_of_field in fields[kind]:
                value: Any = getattr(node, name_of_field, None)
                kind_of_value = value.__class__
                if kind_of_value is list:
                    for child in value:
                        if child.__class__ in fields:
                            parents[child] = node
                            push(child)
                elif kind_of_value is ast.Constant:
                    parents[value] = node
                    constants.append(value)
                elif kind_of_value in fields:
                    parents[value] = node
                    push(value)

    # ---- what binds names, or opens a scope: each returns what is left to visit in the scope around --------------

    def _visitors(self) -> dict[type[ast.AST], _Visit]:
        comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
        visitors: dict[type[ast.AST], _Visit] = {
            ast.FunctionDef: self._visit_function,
            ast.AsyncFunctionDef: self._visit_function,
            ast.Lambda: self._visit_function,
            ast.ClassDef: self._visit_class,
            **dict.fromkeys(comprehensions, self._visit_comprehension),
            ast.NamedExpr: self._visit_walrus,
            ast.Import: self._visit_import,
            ast.ImportFrom: self._visit_import_from,
            ast.ExceptHandler: self._visit_handler,
            ast.Global: self._visit_global,
            ast.Nonlocal: self._visit_nonlocal,
            ast.MatchAs: self._visit_capture,
            ast.MatchStar: self._visit_capture,
            ast.MatchMapping: self._visit_capture,
            ast.AnnAssign: self._visit_annotated,
        }
        alias = getattr(ast, "TypeAlias", None)  # Python 3.12 and newer
        if alias is not None:
            visitors[alias] = self._visit_alias_statement
        return visitors

    def _visit_function(self, scope: Scope, node: Any) -> list[ast.AST]:
        if not isinstance(node, ast.Lambda):
            scope.bind(node.name, node)
        inside = self._new_scope(node, "function", scope)
        arguments: ast.arguments = node.args
        self._by_kind[ast.arguments].append(arguments)
        self.parents[arguments] = node
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
        outside: list[ast.AST] = []
        for argument in every:
            inside.bind(argument.arg, argument)
            self.parents[argument] = arguments
            if argument.annotation is not None and not self._has_lazy_annotations:
                outside += self._adopt(argument, (argument.annotation,))
        if arguments.defaults or arguments.kw_defaults:
            outside += self._adopt(arguments, [*arguments.defaults, *arguments.kw_defaults])
        outside += self._adopt(node, getattr(node, "decorator_list", ()))
        if not self._has_lazy_annotations:
            outside += self._adopt(node, (getattr(node, "returns", None),))
        for parameter in getattr(node, "type_params", []):
            scope.bind(parameter.name, node)  # too wide a scope, but none of its names is missed
        body = node.body if isinstance(node.body, list) else [node.body]
        self._queue.append((inside, self._adopt(node, body)))
        return outside

    def _visit_class(self, scope: Scope, node: ast.ClassDef) -> list[ast.AST]:
        scope.bind(node.name, node)
        inside = self._new_scope(node, "class", scope)
        for parameter in getattr(node, "type_params", []):
            scope.bind(parameter.name, node)
        self._queue.append((inside, self._adopt(node, node.body)))
        return self._adopt(node, [*node.decorator_list, *node.bases, *node.keywords])

    def _visit_comprehension(self, scope: Scope, node: Any) -> list[ast.AST]:
        inside = self._new_scope(node, "comprehension", scope)
        first = node.generators[0]
        made = (node.key, node.value) if node.__class__ is ast.DictComp else (node.elt,)
        rest = self._adopt(node, made)
        for generator in node.generators:
            self.parents[generator] = node
            rest += self._adopt(generator, (generator.target, *generator.ifs))
            self.parents[generator.iter] = generator
            if generator is not first:
                rest.append(generator.iter)
        self._queue.append((inside, rest))
        return [first.iter]

    def _visit_walrus(self, scope: Scope, node: ast.NamedExpr) -> list[ast.AST]:
        holder = scope
        while holder.kind == "comprehension" and holder.parent is not None:
            holder = holder.parent
        holder.bind(node.target.id, node.target)
        self._adopt(node, [node.target])
        return self._adopt(node, [node.value])

    def _visit_import(self, scope: Scope, node: ast.Import) -> list[ast.AST]:
        for alias in node.names:
            scope.bind(alias.asname or alias.name.partition(".")[0], node)
            self.parents[alias] = node
        return []

    def _visit_import_from(self, scope: Scope, node: ast.ImportFrom) -> list[ast.AST]:
        for alias in node.names:
            self.parents[alias] = node
            if alias.name == "*":
                self.star_imports.append(node)
            else:
                scope.bind(alias.asname or alias.name, node)
        return []

    def _visit_handler(self, scope: Scope, node: ast.ExceptHandler) -> list[ast.AST]:
        if node.name:
            scope.bind(node.name, node)
        return self._adopt(node, [node.type, *node.body])

    def _visit_global(self, scope: Scope, node: ast.Global) -> list[ast.AST]:
        scope.global_names.update(node.names)
        return []

    def _visit_nonlocal(self, scope: Scope, node: ast.Nonlocal) -> list[ast.AST]:
        scope.nonlocal_names.update(node.names)
        return []

    def _visit_capture(self, scope: Scope, node: Any) -> list[ast.AST]:
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if name:
            scope.bind(name, node)
        children = [*getattr(node, "keys", []), *getattr(node, "patterns", [])]
        return self._adopt(node, [*children, getattr(node, "pattern", None)])

    def _visit_annotated(self, scope: Scope, node: ast.AnnAssign) -> list[ast.AST]:
        """Annotations in functions are never evaluated."""
        is_evaluated = scope.kind != "function" and not self._has_lazy_annotations
        if node.value is None and scope.kind == "module" and isinstance(node.target, ast.Name):
            self._adopt(node, [node.target])  # `model: Model` declares, and binds nothing
            return self._adopt(node, [node.annotation]) if is_evaluated else []
        return self._adopt(node, [node.target, node.value, node.annotation if is_evaluated else None])

    def _visit_alias_statement(self, scope: Scope, node: Any) -> list[ast.AST]:
        for parameter in node.type_params:
            scope.bind(parameter.name, node)
        return self._adopt(node, [node.name])


def _has_lazy_annotations(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body[:20]
    )
