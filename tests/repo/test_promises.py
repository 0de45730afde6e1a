"""No promise stands without what keeps it and what proves it."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from fusus_portal.promises import PROMISES, Promise, Topic
from tests.repo.over_http import OVER_HTTP

CHECKOUT = Path(__file__).resolve().parents[2]
KEYS = [*(f"R{n}" for n in range(1, 13)), *(f"I{n}" for n in range(1, 9)), *(f"B{n}" for n in range(1, 8))]


def problems_of(promise: Promise) -> list[str]:
    """Return what is missing of a promise, in words."""
    missing = [f"{path} is not in the code" for path in promise.kept_by if not is_in_code(path)]
    missing += [f"{path} is no test" for path in promise.tests if not (CHECKOUT / path).is_file()]
    if not str(promise.control):
        missing.append("no control sentence")
    if not promise.kept_by:
        missing.append("nothing keeps it")
    if not promise.tests:
        missing.append("nothing proves it")
    return missing


def is_in_code(path: str) -> bool:
    """Tell whether a dotted path leads to a module, or to something in one."""
    try:
        import_module(path)
    except ImportError:
        module, _dot, name = path.rpartition(".")
        try:
            return hasattr(import_module(module), name)
        except ImportError:
            return False
    return True


def test_every_promise_is_in_the_table_once() -> None:
    assert [promise.key for promise in PROMISES] == KEYS


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.key)
def test_a_promise_has_what_keeps_it_and_what_proves_it(promise: Promise) -> None:
    assert problems_of(promise) == []


def unseen(test: str) -> str:
    """Return what is wrong with the name of a test that speaks to the portal over HTTP, or ""."""
    path, *names = test.split("::")
    file = CHECKOUT / "tests" / path
    if not file.is_file():
        return f"{path} is no file"
    whole = ast.parse(file.read_text(encoding="utf-8"))
    found: ast.AST = whole
    for name in names:
        inside = [node for node in ast.iter_child_nodes(found) if getattr(node, "name", "") == name]
        if not inside:
            return f"{name} is not in {path}"
        found = inside[0]
    taken = {node.module for node in ast.walk(whole) if isinstance(node, ast.ImportFrom)}
    return "" if "django.test" in taken else f"{path} asks nothing over HTTP"


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.key)
def test_a_promise_in_force_is_seen_over_http_in_both_directions(promise: Promise) -> None:
    for test in OVER_HTTP[promise.key]:
        assert unseen(test) == ""
        assert f"tests/{test.partition('::')[0]}" in promise.tests


@pytest.mark.parametrize(
    ("test", "wrong"),
    [
        ("site/test_nothing.py::test_x", "is no file"),
        ("site/test_health.py::test_that_is_gone", "is not in"),
        ("repo/test_promises.py::test_every_promise_is_in_the_table_once", "asks nothing over HTTP"),
    ],
)
def test_a_test_that_is_gone_or_asks_nothing_is_found(test: str, wrong: str) -> None:
    assert wrong in unseen(test)


def planted(**changes: object) -> Promise:
    """Return a promise that is fine but for what is changed."""
    whole: dict[str, object] = {
        "key": "X1",
        "topic": Topic.COST,
        "question": "Why?",
        "answer": "Because.",
        "control": "It is so.",
        "kept_by": ("audit.log.services.record",),
        "tests": ("tests/repo/test_promises.py",),
    }
    return Promise(**whole | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"kept_by": ()}, "nothing keeps it"),
        ({"tests": ()}, "nothing proves it"),
        ({"control": ""}, "no control sentence"),
        ({"kept_by": ("audit.log.services.no_such_thing",)}, "audit.log.services.no_such_thing is not in the code"),
        ({"tests": ("tests/no_such_test.py",)}, "tests/no_such_test.py is no test"),
    ],
)
def test_a_planted_gap_is_found(changes: dict[str, object], found: str) -> None:
    assert problems_of(planted(**changes)) == [found]
