"""`manage.py states`: writes docs/states.md, a table and a diagram of each lifecycle; with --check it only compares."""

import argparse
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from fusus_portal.ground.lifecycle import Lifecycle, all_lifecycles

PAGE_HEAD = """# States

Made by `manage.py states` from the tables of the code; `make check` fails when the two differ.
Each row is a step that may happen; whatever is not here is refused, and the refusal is an entry of the audit log.
"""
NO_ENTRY = "none"


def states_document(lifecycles: Iterable[Lifecycle]) -> str:
    with override("en"):
        return "\n".join([PAGE_HEAD, *(_section(lifecycle) for lifecycle in lifecycles)])


def _section(lifecycle: Lifecycle) -> str:
    title = lifecycle.name[0].upper() + lifecycle.name[1:]
    return "\n".join([f"## {title}", "", *_table(lifecycle), "", "```mermaid", *_diagram(lifecycle), "```", ""])


def _table(lifecycle: Lifecycle) -> list[str]:
    rows = [
        f"| {lifecycle.label(source)} | {lifecycle.label(target)} | {', '.join(sorted(rule.who))} "
        f"| {f'`{rule.event}`' if rule.event else NO_ENTRY} |"
        for (source, target), rule in lifecycle.transitions.items()
    ]
    return ["| from | to | who | entry |", "| --- | --- | --- | --- |", *rows]


def _diagram(lifecycle: Lifecycle) -> list[str]:
    names = [f"    {state} : {lifecycle.label(state)}" for state in lifecycle.states.values]
    starts = [f"    [*] --> {state}" for state in lifecycle.start]
    steps = [
        f"    {source} --> {target} : {', '.join(sorted(rule.who))}"
        for (source, target), rule in lifecycle.transitions.items()
    ]
    ends = [f"    {state} --> [*]" for state in lifecycle.states.values if not lifecycle.targets(state)]
    return ["stateDiagram-v2", *names, *starts, *steps, *ends]


class Command(BaseCommand):
    help = "Write docs/states.md from the lifecycles' tables."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the file differs")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "states.md"
        text = states_document(all_lifecycles())
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise CommandError("docs/states.md differs from the lifecycles' tables. Run `manage.py states`.")
