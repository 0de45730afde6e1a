"""The repository keeps its own rules, and each rule sees what it is there for."""

import ast
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.repo import privacy_rules, rules
from tests.repo.sources import PACKAGES, ROOT, is_in, place, python_files, template_files, tree

LONGEST_FILE = 500
ONE_FILE = {
    "audit/ledger/verifier.py:1": 675,
    "audit/log/events.py:1": 516,
}
"""People download the verifier and read it, so it is one file. Closed lists are one list each."""

LONGEST_TEMPLATE = 150
VAGUE_NAMES = {"utils", "helpers", "manager", "managers", "common", "misc"}
INLINE_SCRIPT = re.compile(
    r"""<script(?![^>]*\bsrc=)(?![^>]*type="application/json")|\son[a-z]+="|javascript:""",
    re.IGNORECASE,
)
INCLUDED_ALONE = re.compile(r'{% include "([^"]+)"([^%]*) only %}')
TOKEN = "csrf_token=csrf_token"

Rule = Callable[[ast.Module], list[int]]


def is_no_service(file: Path) -> bool:
    """Tell whether a file may set the state of nothing."""
    return not is_in(file, "services") and file != ROOT / "fusus_portal" / "ground" / "steps.py"


def is_view(file: Path) -> bool:
    """Tell whether a file answers requests. A live view is a thing of its own: services and table are no pages."""
    return is_in(file, "views") and not is_in(file, "services") and not is_in(file, "models")


def is_product(file: Path) -> bool:
    """Tell whether a file is of what people use."""
    return file.relative_to(ROOT).parts[0] in PACKAGES


KEPT: dict[Rule, Callable[[Path], bool]] = {
    rules.long_functions: lambda file: True,
    rules.docstrings_to_decode: lambda file: True,
    rules.state_assignments: lambda file: is_product(file) and is_no_service(file),
    rules.may_that_answer: lambda file: not is_in(file, "tests"),
    rules.managers: lambda file: is_product(file) and is_view(file),
    rules.forbidden_imports: is_product,
    privacy_rules.personal_log_calls: is_product,
}
"""Each rule with the files that keep it, of the product, the tests and the benchmarks."""


def test_files_fit_the_eye() -> None:
    files = python_files(*PACKAGES, "tests", "bench")
    counts = {place(file, 1): line_count(file) for file in files}
    assert {file: count for file, count in counts.items() if count > ONE_FILE.get(file, LONGEST_FILE)} == {}


def test_templates_fit_the_eye() -> None:
    long = {place(file, 1): count for file in template_files() if (count := line_count(file)) > LONGEST_TEMPLATE}
    assert long == {}


def test_no_file_breaks_a_rule() -> None:
    kept: Counter[str] = Counter()
    broken = []
    for file in python_files(*PACKAGES, "tests", "bench"):
        module = tree(file)
        for rule in (rule for rule, is_kept_by in KEPT.items() if is_kept_by(file)):
            kept[rule.__name__] += 1
            broken += [(rule.__name__, place(file, line)) for line in rule(module)]
    assert broken == []
    assert kept.keys() == {rule.__name__ for rule in KEPT}


def test_names_say_what_is_in_a_file() -> None:
    assert [place(file, 1) for file in python_files(*PACKAGES, "tests") if file.stem in VAGUE_NAMES] == []


def test_no_test_is_put_off() -> None:
    mark = re.compile(r"pytest\.mark\.(skip|skipif|xfail)\b|pytest\.(skip|xfail)\(")
    files = [file for file in python_files("tests") if file != Path(__file__)]
    assert [place(file, 1) for file in files if mark.search(file.read_text(encoding="utf-8"))] == []


def test_a_form_in_a_part_of_a_page_gets_its_token() -> None:
    """`include ... only` leaves out csrf_token, and without it the form of the part is refused."""
    text = {file.relative_to(ROOT / "templates").as_posix(): file.read_text() for file in template_files()}
    alone = [(file, *found) for file, page in text.items() for found in INCLUDED_ALONE.findall(page)]
    assert len(alone) > 100
    forms = [(file, part) for file, part, given in alone if "{% csrf_token %}" in text[part] and TOKEN not in given]
    assert forms == []


def test_templates_carry_no_script_of_their_own() -> None:
    assert [place(file, 1) for file in template_files() if INLINE_SCRIPT.search(file.read_text())] == []


def test_every_dependency_says_what_it_is_for() -> None:
    files = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if line and not re.match(r"-r |#|\S+==\S+  # \S", line)] == []


def line_count(file: Path) -> int:
    """Return how many lines a file has."""
    return len(file.read_text(encoding="utf-8").splitlines())


PLANTED: list[tuple[Rule, str]] = [
    (rules.long_functions, "def f():\n" + "    pass\n" * 40),
    (rules.docstrings_to_decode, '"""What a clerk reads."""'),
    (rules.docstrings_to_decode, 'def may_go() -> None:\n    """Whether somebody may go."""'),
    (rules.docstrings_to_decode, 'LIMIT = 3\n"""Beyond it whoever asks is refused."""'),
    (rules.state_assignments, "request.state = 'sent'"),
    (rules.state_assignments, "order.status: str = 'paid'"),
    (rules.state_assignments, "rows.filter(pk=1).update(state='sent')"),
    (rules.state_assignments, "setattr(row, 'state', 'sent')"),
    (rules.managers, "def view(request):\n    return Camera.objects.get(pk=1)"),
    (rules.forbidden_imports, "from django.contrib import admin"),
    (rules.forbidden_imports, "import pickle"),
    (rules.may_that_answer, "def may_go(by: User) -> bool:\n    return True"),
    (rules.may_that_answer, "def _may(by: User):\n    return True"),
]


@pytest.mark.parametrize(("rule", "source"), PLANTED)
def test_a_rule_sees_what_it_is_there_for(rule: Rule, source: str) -> None:
    assert rule(ast.parse(source)) != []
