"""Mutants are drawn from every module that decides or writes."""

from tests.mutants.areas import modules


def test_all_modules_are_drawn_from_but_migrations() -> None:
    drawn = set(modules())
    streets = ("finder/search", "finder/readings", "row_writers", "readers/__init__", "readers/rows")
    others = ("shop/payments/services/notices.py", "audit/ledger/tree/leaves.py")
    assert {*(f"fusus_portal/ground/streets/{name}.py" for name in streets), *others} <= drawn
    assert not [path for path in drawn if "migrations" in path or path.startswith("tests")]


def test_an_area_is_a_folder_or_a_file() -> None:
    assert modules("fusus_portal/ground/streets/finder/search.py") == ["fusus_portal/ground/streets/finder/search.py"]
    assert set(modules("fusus_portal/ground/streets/")) == {
        path for path in modules() if path.startswith("fusus_portal/ground/streets/")
    }
