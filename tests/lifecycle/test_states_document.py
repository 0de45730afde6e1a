"""Tests of `manage.py states`: what people read of the states is what the portal does."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from fusus_portal.ground.lifecycle import all_lifecycles
from fusus_portal.site.management.commands.states import states_document


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the command write into a directory of this test."""
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    return tmp_path / "docs" / "states.md"


def test_the_committed_page_is_what_the_tables_say() -> None:
    call_command("states", check=True)


def test_it_writes_each_step_with_who_and_which_entry(elsewhere: Path) -> None:
    call_command("states")
    page = elsewhere.read_text(encoding="utf-8")
    for lifecycle in all_lifecycles():
        for (source, target), rule in lifecycle.transitions.items():
            who = ", ".join(sorted(rule.who))
            assert f"    {source} --> {target} : {who}\n" in page
            row = f"| {lifecycle.label(source)} | {lifecycle.label(target)} | {who} | "
            assert row + (f"`{rule.event}` |" if rule.event else "none |") in page


def test_the_comparison_fails_for_a_page_that_differs_and_leaves_it_alone(elsewhere: Path) -> None:
    elsewhere.write_text(states_document(all_lifecycles()[1:]), encoding="utf-8")
    before = elsewhere.read_text(encoding="utf-8")
    with pytest.raises(CommandError, match=r"Run `manage\.py states`"):
        call_command("states", check=True)
    assert elsewhere.read_text(encoding="utf-8") == before


def test_the_comparison_fails_without_a_page(elsewhere: Path) -> None:
    with pytest.raises(CommandError):
        call_command("states", check=True)
