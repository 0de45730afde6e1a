"""The repository's own files, as its rules see them."""

import ast
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("audit", "fusus_portal", "integration", "registry", "shop")


def python_files(*places: str) -> list[Path]:
    """Return Python files below the places, without migrations."""
    files = (file for name in places for file in (ROOT / name).rglob("*.py"))
    return sorted(file for file in files if "migrations" not in file.relative_to(ROOT).parts)


def template_files() -> list[Path]:
    """Return all templates."""
    return sorted(file for file in (ROOT / "templates").rglob("*") if file.is_file())


def tree(file: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def nodes(module: ast.Module) -> tuple[ast.AST, ...]:
    """Return all parts of a syntax tree, at which one rule after the other looks."""
    return tuple(ast.walk(module))


def place(file: Path, line: int) -> str:
    """Return `path:line` from the root of the repository."""
    return f"{file.relative_to(ROOT)}:{line}"


def is_in(file: Path, part: str) -> bool:
    """Tell whether a file belongs to a part of its app: `services.py` or `services/...`."""
    names = file.relative_to(ROOT).with_suffix("").parts
    return part in names
