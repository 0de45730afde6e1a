"""Each kind of fault is made where a test could notice it, and nowhere else."""

import ast
import random

import pytest

from tests.mutants.areas import modules, read
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.kinds import mutants

MADE = [
    ("if a:\n    b = 1", ["if (not (a)):"]),
    ("if not a:\n    b = 1", ["if (a):"]),
    ("if not (\n    a\n):\n    b = 1", ["if (( a )):"]),
    ("b = 1 if a else 2", ["b = 1 if (not (a)) else 2"]),
    ("b = [c for c in d if c]", ["b = [c for c in d if (not (c))]"]),
    ("def f():\n    return a == b", ["return (not (a == b))"]),
    ("b = a and c or d", ["b = a and c and d", "b = a or c or d"]),
    ("b = (a or c) and d", ["b = (a and c) and d", "b = (a or c) or d"]),
    ("b = a < c <= d", ["b = a <= c <= d", "b = a < c < d"]),
    ("b = a > c", ["b = a >= c"]),
    ("a(b)", ["pass"]),
    ("a(\n    b,\n)", ["pass"]),
    ("b = a + c - d", ["b = a - c - d", "b = a + c + d"]),
    ("b -= 1", ["b += 1"]),
    ("b = -a", ["b = +a"]),
    ("b = 'é' if a < c else d", ["b = 'é' if (not (a < c)) else d", "b = 'é' if a <= c else d"]),
]  # fmt: skip

NOT_MADE = [
    "raise Refused('so' if a else 'so')",
    "logger.info('done')",
    "assert a < b",
    "a = f'{b + c}'",
    "a = 'b' + c",
    "a = [*b] + [c]",
    "if TYPE_CHECKING:\n    a()",
    "def __repr__(self):\n    return a and b",
    "def f(a: b = -1):\n    '''Return it.'''",
    "a == b",
    "a = b * c",
]


@pytest.mark.parametrize(("source", "after"), MADE)
def test_a_fault_is_one_small_change(source: str, after: list[str]) -> None:
    made = [mutant.lines(source)[1] for mutant in mutants("x.py", source)]
    assert sorted(made) == sorted(after)


@pytest.mark.parametrize("source", NOT_MADE)
def test_nothing_is_made_of_words_and_types(source: str) -> None:
    assert list(mutants("x.py", source)) == []


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.long)])
def test_a_mutant_of_the_tree_compiles_says_something_else_and_keeps_the_numbers_of_lines(every: int) -> None:
    chance = random.Random(1)  # noqa: S311 (drawing lots, no secret)
    for path in modules()[::every]:
        source = read(path)
        if found := list(mutants(path, source)):
            mutant = chance.choice(found)
            changed = mutant.applied(source)
            assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(source)), mutant
            assert changed.count("\n") == source.count("\n"), mutant


def test_areas_are_folders_apps_and_files() -> None:
    assert "audit/ledger/sealer.py" in modules("audit/ledger")
    assert modules("shop/payments/services/notices.py") == ["shop/payments/services/notices.py"]
    assert set(modules("shop")) < set(modules())
    assert not any("/migrations/" in path or path.startswith("tests/") for path in modules())
    assert all(modules(app) for app in ("audit", "registry", "integration", "shop", "fusus_portal/ground/accounts"))


def test_what_is_listed_as_equivalent_can_still_be_drawn_and_is_little() -> None:
    assert len(EQUIVALENT) <= 10
    for each in EQUIVALENT:
        made = [(mutant.kind, *mutant.lines(read(each.path))) for mutant in mutants(each.path, read(each.path))]
        assert (each.kind, each.before, each.after) in made, each
        assert each.reason
