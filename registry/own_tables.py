"""Tables that other apps add to the file of a person's own data. They register them in `AppConfig.ready`."""

from collections.abc import Callable, Mapping, Sequence

from registry.archive import Cell
from registry.models import Registrant

Table = Callable[[Registrant], Sequence[Mapping[str, Cell]]]

_tables: dict[str, Table] = {}


def register(name: str, table: Table) -> None:
    """Add a table. Doing it twice has one effect."""
    _tables[name] = table


def tables_of(registrant: Registrant) -> dict[str, Sequence[Mapping[str, Cell]]]:
    """Return the tables in which a person has rows."""
    found = {name: table(registrant) for name, table in sorted(_tables.items())}
    return {name: rows for name, rows in found.items() if rows}
