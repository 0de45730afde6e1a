"""Documents say what is true of the tree: paths, commands, variables, links between pages."""

import ast
import re
from pathlib import Path

import pytest

from fusus_portal import __version__
from tests.repo.sources import PACKAGES, ROOT, python_files, tree

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
WORDS_OF_A_DECISION = 400
MADE_LATER = {".venv/", "build/static"}
READERS = {
    "text",
    "required",
    "flag",
    "number",
    "words",
    "pairs",
    "color",
    "county_fips",
    "optional_database",
    "claims",
}
FROM_A_FILE = "secret"
"""Reads NAME, or the file that NAME_FILE names."""

NOT_FOR_OPERATORS = {"PORT"}
READ_ELSEWHERE = {"DJANGO_SETTINGS_MODULE", "LEDGER_KEY_FILE", "SUPERUSER_DATABASE_URL"}


def spans(page: str) -> list[str]:
    """Return what stands in code type on a page."""
    return re.findall(r"`([^`\n]+)`", page)


def variables_read() -> set[str]:
    """Return the names of the variables that settings, and the web server's, read from the environment."""
    read = [
        (getattr(node.func, "attr", None) or getattr(node.func, "id", None), str(node.args[0].value))
        for file in [*python_files("fusus_portal/settings"), *python_files("fusus_portal/ground/serving")]
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    ]
    secrets = {name for reader, name in read if reader == FROM_A_FILE}
    return {name for reader, name in read if reader in READERS} | secrets | {f"{name}_FILE" for name in secrets}


def variables_told() -> set[str]:
    """Return the names of the variables in the table for operators."""
    table = OPERATIONS.partition("## Environment")[2].partition("## First installation")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in spans(cell)}


def test_the_table_of_variables_is_what_settings_read() -> None:
    assert variables_told() - READ_ELSEWHERE == variables_read() - NOT_FOR_OPERATORS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_on_a_page_are_in_the_tree(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    tops = "|".join([*PACKAGES, "assets", "bench", "docs", "locale", "static", "templates", "tests"])
    named = set(re.findall(rf"(?<![\w./-])((?:{tops})/[\w./-]*\w|[\w-]+\.(?:md|txt))", text))
    beside = {path for path in named if (page.parent / path).exists()}
    assert {path for path in named - beside if not (ROOT / path).exists()} - MADE_LATER == set()


def test_a_decision_is_read_before_a_change() -> None:
    words = {page.name: len(outside_tables(page).split()) for page in (ROOT / "docs" / "decisions").rglob("*.md")}
    assert {name: count for name, count in words.items() if count > WORDS_OF_A_DECISION} == {}


def outside_tables(page: Path) -> str:
    """Return the text of a page without its tables."""
    return "\n".join(line for line in page.read_text(encoding="utf-8").splitlines() if not line.startswith("|"))


def test_every_directory_of_the_tree_is_on_the_map() -> None:
    table = README.partition("## The tree")[2].partition("## The shape")[0]
    told = {path.strip("/") for line in table.splitlines() for path in spans(line.split("|")[1] if "|" in line else "")}
    there = {
        str(path.relative_to(ROOT))
        for top in (ROOT, ROOT / "fusus_portal")
        for path in top.iterdir()
        if path.is_dir() and any(path.glob("*")) and path.name[0] not in "._"
    }
    assert there - told - {"fusus_portal", "docs", "node_modules", "build"} == set()


def test_commands_on_the_pages_exist() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    targets = set(re.findall(r"`?make ([a-z][a-z-]+)`", text))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()
    commands = set(re.findall(r"manage\.py ([a-z_]+)", text)) - {"check", "collectstatic"}
    ours = {file.stem for file in python_files(*PACKAGES) if file.parent.name == "commands"}
    assert commands - ours == set()
    assert {"first_administrator", "stand_in", "suspend", "bootstrapdb", "migrate", "states", "signin"} <= commands


def test_no_page_names_a_place_on_somebody_s_machine() -> None:
    machine = re.compile(r"(?<![\w.])/(?:home|root|work|Users)/")
    assert [page.name for page in PAGES if machine.search(page.read_text(encoding="utf-8"))] == []


def test_the_changelog_begins_with_the_release_that_runs() -> None:
    releases = re.findall(r"^## (\S+), ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert releases[0] == __version__
