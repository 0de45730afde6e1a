"""An app is a few packages, one for each noun. Which layer may import which is in `.importlinter`."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.repo.sources import PACKAGES, ROOT, place, python_files, tree

BY_NOUN = [name for name in PACKAGES if name != "fusus_portal"]
AT_THE_ROOT = {"__init__", "apps", "hooks", "models", "rules", "urls"}
ALONE = ROOT / "audit/ledger/verifier.py"
"""A program that people download and run: it shares no name with the portal."""

LAYERS = {"models", "states", "policies", "selectors", "locks", "services", "tasks", "forms", "presenters", "views"}
FOLDER_BEYOND = 500
"""Lines of a layer in one module. Only beyond is it a folder, split by story."""

FRAMEWORK = {"commands", "templatetags", "es", "loopback"}
"""Folders whose names Django, its formats, or Python's start of a process ask for."""


def beside_the_nouns(app: Path) -> list[Path]:
    """Return the modules of an app that are in no noun and do not belong to the whole app."""
    return sorted(file for file in app.glob("*.py") if file.stem not in AT_THE_ROOT)


def modules_of(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.py") if file.stem != "__init__")


def thin_folders(folders: Iterable[Path]) -> list[str]:
    """Return where each folder's modules belong that is a layer of too few lines, or holds one module alone."""
    thin = []
    for folder in folders:
        modules = modules_of(folder)
        lines = sum(file.read_text(encoding="utf-8").count("\n") for file in modules)
        inner = [each for each in folder.iterdir() if each.is_dir() and modules_of(each)]
        if folder.name in LAYERS and (folder / "__init__.py").exists() and lines <= FOLDER_BEYOND and not inner:
            thin.append(f"{folder.name}/ has {lines} lines: join its modules in {folder.name}.py")
        elif len(modules) == 1 and not inner and folder.name not in FRAMEWORK:
            thin.append(f"{folder.name}/ has one module: {modules[0].name} belongs beside the folder")
    return thin


def classes_of_one_name(files: list[Path]) -> dict[str, list[str]]:
    """Return the top-level classes whose name another one has, each with its places."""
    places = defaultdict(list)
    for file in files:
        for node in tree(file).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(place(file, node.lineno))
    return {name: where for name, where in places.items() if len(where) > 1}


@pytest.mark.parametrize("app", BY_NOUN)
def test_nothing_is_beside_the_nouns_but_what_belongs_to_the_app(app: str) -> None:
    assert [place(file, 1) for file in beside_the_nouns(ROOT / app)] == []


@pytest.mark.parametrize("app", BY_NOUN)
def test_no_two_classes_of_an_app_have_one_name(app: str) -> None:
    # Django wants each command to be a class `Command`, named by its file.
    named = [file for file in python_files(app) if file != ALONE and file.parent.name != "commands"]
    assert classes_of_one_name(named) == {}


def test_a_folder_holds_more_than_one_module_and_a_layer_is_a_folder_only_beyond_500_lines() -> None:
    assert thin_folders({file.parent for file in python_files(*PACKAGES)}) == []


def test_a_folder_for_one_file_is_seen_and_told_where_it_belongs(tmp_path: Path) -> None:
    for name in (
        "services/__init__.py",
        "services/orders.py",
        "services/carts.py",
        "paper/__init__.py",
        "paper/bill.py",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("A = 1\n" * 250)
    assert thin_folders([tmp_path / "services", tmp_path / "paper"]) == [
        "services/ has 500 lines: join its modules in services.py",
        "paper/ has one module: bill.py belongs beside the folder",
    ]
    with (tmp_path / "services/orders.py").open("a") as file:
        file.write("A = 1\n")
    assert thin_folders([tmp_path / "services"]) == []


def test_a_module_beside_the_nouns_is_seen(tmp_path: Path) -> None:
    for name in ("__init__.py", "models.py", "leaving.py"):
        (tmp_path / name).touch()
    assert [file.name for file in beside_the_nouns(tmp_path)] == ["leaving.py"]


def test_a_class_name_used_twice_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.repo.sources.ROOT", tmp_path)
    for name in ("orders.py", "returns.py"):
        (tmp_path / name).write_text("class Quote:\n    class Meta: ...\n")
    assert classes_of_one_name(python_files(".")) == {"Quote": ["orders.py:1", "returns.py:1"]}
