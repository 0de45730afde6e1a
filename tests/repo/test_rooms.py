"""An app is a few packages, one for each noun. Which layer may import which is in `.importlinter`."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from tests.repo.sources import PACKAGES, ROOT, place, python_files, tree

BY_NOUN = [name for name in PACKAGES if name != "fusus_portal"]
AT_THE_ROOT = {"__init__", "apps", "hooks", "models", "rules", "urls"}
ALONE = ROOT / "audit/ledger/verifier.py"
"""A program that people download and run: it shares no name with the portal."""


def beside_the_nouns(app: Path) -> list[Path]:
    """Return the modules of an app that are in no noun and do not belong to the whole app."""
    return sorted(file for file in app.glob("*.py") if file.stem not in AT_THE_ROOT)


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


def test_a_module_beside_the_nouns_is_seen(tmp_path: Path) -> None:
    for name in ("__init__.py", "models.py", "leaving.py"):
        (tmp_path / name).touch()
    assert [file.name for file in beside_the_nouns(tmp_path)] == ["leaving.py"]


def test_a_class_name_used_twice_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.repo.sources.ROOT", tmp_path)
    for name in ("orders.py", "returns.py"):
        (tmp_path / name).write_text("class Quote:\n    class Meta: ...\n")
    assert classes_of_one_name(python_files(".")) == {"Quote": ["orders.py:1", "returns.py:1"]}
