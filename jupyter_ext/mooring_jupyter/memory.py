"""What has run in this kernel: for each cell its names, so that a deployment can be checked against them."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

_CHANGING = ("fit", "partial_fit", "fit_transform", "load_state_dict", "train", "set_params", "set_weights")


@dataclass(frozen=True)
class RanCell:
    """One cell as it ran.

    Attributes:
        number: As the notebook shows it: `In [7]`.
        cell_id: Of the notebook document; empty where the front end does not tell.
        ran_at: When, as `time.time()` counts.
        stores: Names that got a value, or whose value was fitted anew.
        loads: Names that were read.
        definitions: Source of functions and classes by name.
        imports: Import statement by the name it binds.
        modules: Top modules that were imported.
    """

    number: int
    cell_id: str
    source: str
    ran_at: float = 0.0
    stores: frozenset[str] = frozenset()
    loads: frozenset[str] = frozenset()
    definitions: dict[str, str] = field(default_factory=dict[str, str])
    imports: dict[str, str] = field(default_factory=dict[str, str])
    modules: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Registered:
    """A variable that was registered: which model it became, and after how many cells."""

    variable: str
    model_id: str
    number: int
    left_behind: tuple[str, ...] = ()


class Memory:
    """Remembers the cells of a shell, those before it came included.

    Attributes:
        cells: Those that have run, in that order.
        registered: Variables that became models.

    Args:
        shell: IPython's.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self.registered: list[Registered] = []
        earlier: list[str] = list(shell.user_ns.get("In", []))[1:]
        self.cells = [read_cell(self._plain(text), number) for number, text in enumerate(earlier, start=1)]
        shell.events.register("post_run_cell", self._remember)

    def close(self) -> None:
        """Remember no more."""
        self._shell.events.unregister("post_run_cell", self._remember)

    @property
    def current(self) -> int:
        """Number of the cell that runs, or ran last: versions of IPython differ in when they count on."""
        return max(len(self._shell.user_ns["In"]) - 1, 1)

    def _remember(self, result: Any) -> None:
        info = result.info
        if info is None or info.silent or not info.store_history or not str(info.raw_cell).strip():
            return
        if result.error_before_exec is not None:
            return
        number = self.current
        cell_id = str(getattr(info, "cell_id", None) or "")
        self.cells = [cell for cell in self.cells if cell.number != number]
        self.cells.append(read_cell(self._plain(info.raw_cell), number, cell_id, written=info.raw_cell))

    def _plain(self, text: str) -> str:
        """Python without magics; nothing for what is no Python."""
        try:
            return str(self._shell.transform_cell(text))
        except Exception:  # noqa: BLE001 (a cell of another language, or a typing error)
            return ""

    def last_storing(self, name: str) -> RanCell | None:
        """The cell that last gave the name its value."""
        return next((cell for cell in reversed(self.cells) if name in cell.stores), None)

    def definition_of(self, name: str) -> tuple[RanCell, str] | None:
        """Source of a function or class, and the cell it was last defined in."""
        cell = self.last_storing(name)
        return (cell, cell.definitions[name]) if cell is not None and name in cell.definitions else None

    def import_of(self, name: str) -> str | None:
        """The statement that last bound the name to a module or something out of one."""
        cell = self.last_storing(name)
        return cell.imports.get(name) if cell is not None else None

    @property
    def modules(self) -> frozenset[str]:
        """Top modules imported in cells."""
        return frozenset(module for cell in self.cells for module in cell.modules)

    def behind(self, names: Iterable[str]) -> list[RanCell]:
        """The cells that the present values of these names come from, in the order they ran."""
        wanted: list[tuple[str, int]] = [(name, len(self.cells)) for name in names]
        seen: set[int] = set()
        while wanted:
            name, before = wanted.pop()
            for at in range(before - 1, -1, -1):
                cell = self.cells[at]
                if name in cell.stores:
                    if at not in seen:
                        seen.add(at)
                        wanted += [(other, at) for other in cell.loads]
                    if name not in cell.loads:
                        break
        return [self.cells[at] for at in sorted(seen)]


def read_cell(text: str, number: int, cell_id: str = "", written: str = "") -> RanCell:
    """What a cell's Python binds and reads, at its top level."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return RanCell(number, cell_id, written or text, time.time())
    stores: set[str] = set()
    loads: set[str] = set()
    definitions: dict[str, str] = {}
    imports: dict[str, str] = {}
    modules: set[str] = set()
    for top in tree.body:
        if isinstance(top, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            stores.add(top.name)
            definitions[top.name] = _source(text, top)
    for node in _outside_functions(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for bound, statement, module in _imported(node):
                stores.add(bound)
                imports[bound] = statement
                modules.add(module)
        elif isinstance(node, ast.Name):
            (loads if isinstance(node.ctx, ast.Load) else stores).add(node.id)
        elif isinstance(node, ast.Call) and _fits(node):
            stores.add(_fits(node))
    loads |= _read_in_functions(tree)
    return RanCell(
        number,
        cell_id,
        written or text,
        time.time(),
        frozenset(stores),
        frozenset(loads),
        definitions,
        imports,
        frozenset(modules),
    )


def _outside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    open_nodes: list[ast.AST] = list(tree.body)
    while open_nodes:
        node = open_nodes.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            open_nodes.extend(ast.iter_child_nodes(node))


def _read_in_functions(tree: ast.Module) -> set[str]:
    inner = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    return {
        each.id
        for node in inner
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    }


def _fits(call: ast.Call) -> str:
    """The variable whose value a call such as `model.fit(X)` changes; empty for other calls."""
    function = call.func
    if (
        isinstance(function, ast.Attribute)
        and function.attr in _CHANGING
        and isinstance(function.value, ast.Name)
    ):
        return function.value.id
    return ""


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str, str]]:
    for alias in node.names:
        renamed = f" as {alias.asname}" if alias.asname else ""
        if isinstance(node, ast.Import):
            top = alias.name.partition(".")[0]
            yield alias.asname or top, f"import {alias.name}{renamed}", top
        elif node.module and not node.level:
            statement = f"from {node.module} import {alias.name}{renamed}"
            yield alias.asname or alias.name, statement, node.module.partition(".")[0]


def _source(text: str, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
