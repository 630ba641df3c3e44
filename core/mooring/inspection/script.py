"""An entry script as the rules see it: its functions, what its names mean, and what runs when."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from mooring.findings import Finding, Severity, Span
from mooring.inspection.compiling import find_misplaced
from mooring.inspection.environment_facts import EnvironmentFacts
from mooring.inspection.fixes import Fix
from mooring.inspection.guards import is_guarded
from mooring.inspection.parsing import Parsed, parse
from mooring.inspection.rule import Rule
from mooring.inspection.scopes import Function, Index, Scope
from mooring.inspection.source import SourceText

_WORD = re.compile(r"[^\W\d]\w*")
_DYNAMIC = {"exec", "eval", "globals", "vars", "locals", "execfile"}
_HIDDEN_DEFINITION = re.compile(r"^\s*(?:async\s+)?def\s+(\w+)|^\s*(\w+)\s*=", re.MULTILINE)


class Script:
    """A parsed script and what is known around it.

    Args:
        source: Its text.
        environment: What is known about the packages; None for nothing.

    Attributes:
        parsed: The tree, and what could not be parsed.
        index: What the walk over the tree found.
    """

    def __init__(self, source: SourceText, environment: EnvironmentFacts | None = None) -> None:
        self.source = source
        self.environment = environment or EnvironmentFacts()
        self.parsed: Parsed = parse(source)
        self.tree = self.parsed.tree
        self.index = Index(self.tree)
        self._meanings: dict[ast.AST, str] = {}
        self._called: dict[ast.AST, str] = {}

    @property
    def text(self) -> str:
        """The text, as it stands."""
        return self.source.text

    @property
    def path(self) -> str:
        """Where findings say they are."""
        return self.source.path

    @property
    def is_whole(self) -> bool:
        """Whether everything can be parsed and compiled."""
        return self.parsed.slip is None and self.misplaced is None

    @cached_property
    def misplaced(self) -> tuple[ast.AST, str] | None:
        """What keeps Python from compiling the tree: the node, and the compiler's words."""
        return next(find_misplaced(self), None)

    # ---- findings --------------------------------------------------------------------------------------------------

    def finding(
        self,
        rule: Rule,
        place: ast.AST | Span | None,
        problem: str,
        remedy: str,
        *,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of a rule at a node or span; at the first line when it is about the whole file."""
        span = place if isinstance(place, Span) else self.source.span(place) if place is not None else Span()
        data: dict[str, Any] = {"fix": fix.to_dict()} if fix else {}
        return Finding(rule.code, severity or rule.severity, problem, remedy, self.path, span, data)

    def name_span(self, function: Function | ast.ClassDef) -> Span:
        """Where a function's name stands in its definition."""
        return self.source.word_span(_headless(function), function.name)

    # ---- names -----------------------------------------------------------------------------------------------------

    @cached_property
    def imports(self) -> dict[str, tuple[str, ...]]:
        """Local name to the dotted names that imports anywhere in the script give it."""
        found: dict[str, list[str]] = {}
        for node in self.index.of(ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                found.setdefault(alias.asname or top, []).append(alias.name if alias.asname else top)
        for node in self.index.of(ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, []).append(f"{module}.{alias.name}")
        return {name: tuple(dict.fromkeys(dotted)) for name, dotted in found.items()}

    def dotted(self, node: ast.AST | None) -> str:
        """What an expression such as `np.array` means: `numpy.array`; empty when it starts with no import."""
        if isinstance(node, ast.Name):
            origins = self.imports.get(node.id)
            return origins[0] if origins else ""
        if not isinstance(node, ast.Attribute):
            return ""
        known = self._meanings.get(node)
        if known is None:
            owner = self.dotted(node.value)
            known = self._meanings[node] = f"{owner}.{node.attr}" if owner else ""
        return known

    @cached_property
    def used(self) -> dict[str, list[tuple[ast.stmt | ast.expr, str]]]:
        """Every import and attribute with the dotted name that it means, by the top-level module."""
        found: dict[str, list[tuple[ast.stmt | ast.expr, str]]] = {}

        def note(node: ast.stmt | ast.expr, dotted: str) -> None:
            found.setdefault(dotted.partition(".")[0], []).append((node, dotted))

        for node in self.index.of(ast.Import):
            for alias in node.names:
                note(node, alias.name)
        for node in self.index.of(ast.ImportFrom):
            for alias in () if node.level else node.names:
                note(node, f"{node.module or ''}.{alias.name}")
        parents = self.index.parents
        for node in self.index.of(ast.Attribute):
            if parents.get(node).__class__ is not ast.Attribute:
                dotted = self.dotted(node)
                if dotted:
                    note(node, dotted)
        return found

    def called(self, node: ast.AST) -> str:
        """The dotted name of what is called; empty for no call, and for what no import names."""
        if not isinstance(node, ast.Call):
            return ""
        known = self._called.get(node)
        if known is None:
            known = self._called[node] = self.dotted(node.func)
        return known

    @cached_property
    def _calls(self) -> dict[str, list[ast.Call]]:
        """Calls by the last word that is written, and by that of what it means where the two differ."""
        found: dict[str, list[ast.Call]] = {}
        for call in self.index.of(ast.Call):
            func = call.func
            written = func.attr if func.__class__ is ast.Attribute else getattr(func, "id", "")
            meant = self.called(call).rpartition(".")[2]
            found.setdefault(written, []).append(call)
            if meant and meant != written:
                found.setdefault(meant, []).append(call)
        return found

    def calls_of(self, *words: str) -> Iterator[ast.Call]:
        """Calls of functions, methods and classes with one of these names, under whatever name they were imported."""
        for word in words:
            yield from self._calls.get(word, ())

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether names may come from where no analysis sees them."""
        if self.index.star_imports or "driver_module" in self.index.module.binds:
            return True
        return any(
            isinstance(call.func, ast.Name)
            and call.func.id in _DYNAMIC - {"eval"}
            and not isinstance(self.index.parents.get(call), ast.Compare)  # `"model" in globals()` only asks
            for call in self.index.of(ast.Call)
        ) or bool(self.index.module.loads.get("__dict__"))

    @cached_property
    def module_names(self) -> dict[str, list[ast.AST]]:
        """Names of the module with what binds them, `global` in functions included."""
        names = {name: list(nodes) for name, nodes in self.index.module.binds.items()}
        for scope in self.index.scopes[1:]:
            for name in scope.global_names & scope.binds.keys():
                names.setdefault(name, []).extend(scope.binds[name])
        return names

    @cached_property
    def hidden_names(self) -> set[str]:
        """Names that may be bound where the text could not be parsed."""
        if self.misplaced is not None:
            return set(_WORD.findall(self.text))
        if self.is_whole:
            return set()
        defined = (first or second for first, second in _HIDDEN_DEFINITION.findall(self.text))
        return set(self.parsed.lost_words) | set(defined)

    def constant(self, node: ast.AST | None) -> Any:
        """The value of a literal, or of a name that is only ever that literal; None when it is not known."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            value = self.only_value(node)
            return value.value if isinstance(value, ast.Constant) else None
        return None

    def only_value(self, name: ast.Name) -> ast.expr | None:
        """The expression that a name stands for, when it is assigned once and nowhere else."""
        scope = self.scope_of(name)
        while scope is not None:
            if name.id in scope.binds and name.id not in scope.global_names:
                return self._assigned(scope.binds[name.id])
            scope = scope.parent
        return None

    def _assigned(self, binders: list[ast.AST]) -> ast.expr | None:
        if len(binders) != 1:
            return None
        statement = self.index.parents.get(binders[0])
        if isinstance(statement, ast.Assign) and binders[0] in statement.targets:
            return statement.value
        if isinstance(statement, ast.AnnAssign):
            return statement.value
        return None

    # ---- functions -------------------------------------------------------------------------------------------------

    def function(self, name: str) -> Function | None:
        """The last definition of a function of the module; None when its name stands for something else."""
        last = next(reversed(self.index.module.binds.get(name, [])), None)
        return last if isinstance(last, ast.FunctionDef | ast.AsyncFunctionDef) else None

    @cached_property
    def init(self) -> Function | None:
        """`init`, when it is defined by `def`."""
        return self.function("init")

    @cached_property
    def run(self) -> Function | None:
        """`run`, when it is defined by `def`."""
        return self.function("run")

    def scope_of(self, node: ast.AST) -> Scope | None:
        """The scope that a node is read in."""
        below: ast.AST = node
        for around in self.index.around(node):
            scope = self.index.scope_of_function.get(around)
            if scope is not None and not _is_outside(around, below):
                return scope
            below = around
        return None

    def function_around(self, node: ast.AST) -> Function | None:
        """The function whose body a node is in; None at the top level, in class bodies of it, and in lambdas."""
        for around in self.index.around(node):
            if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef):
                return around
        return None

    def walk(self, function: Function) -> Iterator[ast.AST]:
        """Nodes of a function's body, without those of functions and classes inside."""
        stack: list[ast.AST] = list(reversed(function.body))
        while stack:
            node = stack.pop()
            yield node
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
                stack.extend(reversed(list(ast.iter_child_nodes(node))))

    def reached_from(
        self, function: Function | None, but: Function | None = None
    ) -> dict[Function, ast.Call | None]:
        """A function and those of the module that it calls by name, `but` one, with the first call that leads there."""
        if function is None:
            return {}
        reached: dict[Function, ast.Call | None] = {function: None}
        queue: list[Function] = [function]
        while queue:
            for node in self.walk(queue.pop()):
                callee = self.function(node.func.id) if _calls_name(node) else None  # type: ignore[attr-defined]
                if callee is not None and callee not in reached and callee is not but:
                    reached[callee] = node  # type: ignore[assignment]
                    queue.append(callee)
        return reached

    @cached_property
    def at_start(self) -> dict[Function, ast.Call | None]:
        """Functions that run before the first request."""
        reached = dict(self.reached_from(self.init))
        for node in self.index.of(ast.Call):
            if _calls_name(node) and self.function_around(node) is None and not self.is_for_main(node):
                reached.update(self.reached_from(self.function(node.func.id)))
        return reached

    @cached_property
    def at_request(self) -> dict[Function, ast.Call | None]:
        """Functions that run with each request."""
        return self.reached_from(self.run, but=self.init)

    def runs_at_start(self, node: ast.AST) -> bool:
        """Whether a node runs while the service starts, as far as names show."""
        function = self.function_around(node)
        if function is None:
            return not self.is_for_main(node)
        return function in self.at_start

    def is_for_main(self, node: ast.AST) -> bool:
        """Whether a node only runs when the script is started by hand: below `if __name__ == "__main__"`."""
        return any(
            isinstance(around, ast.If) and is_main_test(around.test) for around in self.index.around(node)
        )

    def is_guarded(self, node: ast.AST) -> bool:
        """Whether a node only runs where it fits, by a version check or as one side of a fallback."""
        return is_guarded(self.index, node)


def is_main_test(test: ast.expr) -> bool:
    """Whether a condition is `__name__ == "__main__"`, alone or with others."""
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    texts = {node.value for node in ast.walk(test) if isinstance(node, ast.Constant)}
    return "__name__" in names and "__main__" in texts


def _is_outside(scope_node: ast.AST, child: ast.AST) -> bool:
    """Whether a child of a function or class is evaluated outside of it: decorators, defaults, bases."""
    if isinstance(scope_node, ast.FunctionDef | ast.AsyncFunctionDef):
        return child not in scope_node.body
    if isinstance(scope_node, ast.ClassDef):
        return child not in scope_node.body
    return isinstance(scope_node, ast.Lambda) and child is not scope_node.body


def _calls_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _headless(function: Function | ast.ClassDef) -> ast.AST:
    """A stand-in for the definition that starts at `def`, after the decorators."""
    return ast.Pass(
        lineno=function.lineno,
        col_offset=function.col_offset,
        end_lineno=function.lineno,
        end_col_offset=function.col_offset,
    )
