"""Acts among the public functions of services, found by the code alone."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.repo.sources import ROOT, nodes, python_files, tree

PLACES = ("fusus_portal/ground", "fusus_portal/oversight", "integration", "registry", "shop")
INSIDE_ACTS = {"services", "extensions", "hooks"}
"""Layers whose code runs in the transaction of somebody else's act."""


def layers(module: str) -> set[str]:
    return set(module.split("."))


def modules() -> dict[str, ast.Module]:
    """Return the syntax tree of each module outside the log, by dotted name."""
    return {dotted(file): tree(file) for file in python_files(*PLACES)}


def dotted(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def services(of: dict[str, ast.Module]) -> dict[str, ast.FunctionDef]:
    """Return the public functions of services by dotted name."""
    return {
        f"{name}.{node.name}": node
        for name, module in of.items()
        if "services" in layers(name)
        for node in module.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def acts(of: dict[str, ast.Module]) -> set[str]:
    """Return the services that open a transaction, or that anything but a service, extension or hook calls.

    The others are parts of acts. A service that nothing in another module calls is an act too, until it is private.
    """
    callers = defaultdict(set)
    for name, module in of.items():
        for used in references(module):
            callers[used].add(name)
    return {
        service
        for service, node in services(of).items()
        if opens_transaction(node) or not is_part(callers[service] - {service.rpartition(".")[0]})
    }


def is_part(callers: set[str]) -> bool:
    return bool(callers) and all(layers(name) & INSIDE_ACTS for name in callers)


def opens_transaction(function: ast.FunctionDef) -> bool:
    """Tell whether a function names `transaction.atomic`, as decorator or as block."""
    return any(isinstance(node, ast.Attribute) and node.attr == "atomic" for node in ast.walk(function))


def references(module: ast.Module) -> set[str]:
    """Return the dotted names that a module imports, or reaches as attributes of what it imports."""
    names = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in nodes(module)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    attributes = {
        f"{names[node.value.id]}.{node.attr}"
        for node in nodes(module)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names
    }
    return attributes | set(names.values())
