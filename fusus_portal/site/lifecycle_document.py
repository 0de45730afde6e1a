"""docs/states.md: a table and a diagram of each lifecycle, from the tables that the services use."""

from collections.abc import Iterable

from django.utils.translation import override

from fusus_portal.ground.lifecycle import Lifecycle

HEAD = """# States

Made by `manage.py states` from the tables of the code; `make check` fails when the two differ.
Each row is a step that may happen; whatever is not here is refused, and the refusal is an entry of the audit log.
"""
NO_ENTRY = "none"


def document(lifecycles: Iterable[Lifecycle]) -> str:
    with override("en"):
        return "\n".join([HEAD, *(_section(lifecycle) for lifecycle in lifecycles)])


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
