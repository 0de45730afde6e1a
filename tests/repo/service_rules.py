"""Acts among the public functions of services, found by the code alone."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.repo.sources import PACKAGES, ROOT, nodes, python_files, tree

Function = ast.FunctionDef | ast.AsyncFunctionDef

DEMO = ROOT / "fusus_portal/demo"
INSIDE_ACTS = {"services", "extensions", "hooks"}
"""Layers whose code runs inside somebody else's act."""

OPENERS = {"atomic", "record_at_once"}


def layers(module: str) -> set[str]:
    return set(module.split("."))


def modules() -> dict[str, ast.Module]:
    """Return the syntax tree of each module but the demo's, by dotted name."""
    return {dotted(file): tree(file) for file in python_files(*PACKAGES) if DEMO not in file.parents}


def dotted(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def services(of: dict[str, ast.Module]) -> dict[str, Function]:
    """Return the public functions of services outside the log by dotted name."""
    return {
        f"{name}.{node.name}": node
        for name, module in of.items()
        if "services" in layers(name) and not name.startswith("audit.")
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
    }


def acts(of: dict[str, ast.Module]) -> set[str]:
    """Return the services that open a transaction, or that anything but a service, extension or hook calls.

    The others are parts of acts. A service that nothing in another module calls is an act too, until it is private.
    """
    callers = defaultdict(set)
    for name, module in of.items():
        for used in references(name, module):
            callers[used].add(name)
    return {
        service
        for service, node in services(of).items()
        if opens_transaction(node) or not is_part(callers[service] - {service.rpartition(".")[0]})
    }


def is_part(callers: set[str]) -> bool:
    return bool(callers) and all(layers(name) & INSIDE_ACTS for name in callers)


def opens_transaction(function: Function) -> bool:
    """Tell whether a function names what opens a transaction, as decorator, as block or as call."""
    return any((getattr(node, "attr", "") or getattr(node, "id", "")) in OPENERS for node in ast.walk(function))


def references(name: str, module: ast.Module) -> set[str]:
    """Return the dotted names that a module imports, or reaches as attributes of what it imports."""
    names: dict[str, str] = {}
    for node in nodes(module):
        if isinstance(node, ast.ImportFrom):
            above = name.split(".")[: -node.level] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            names |= {alias.asname or alias.name: f"{source}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
    reached = {path(node, names) for node in nodes(module) if isinstance(node, ast.Attribute)}
    return reached | set(names.values())


def path(node: ast.expr, names: dict[str, str]) -> str:
    """Return the dotted name that an attribute leads to, "" if it begins with nothing imported."""
    if isinstance(node, ast.Attribute):
        before = path(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return names.get(node.id, "") if isinstance(node, ast.Name) else ""
