"""Writing rows by a statement that is put together once: thousands without an instance for each, or one at the end."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.fields import NOT_PROVIDED

from fusus_portal.ground.database.backend.base import DatabaseWrapper

Column: TypeAlias = tuple[str, bool, Callable[[Any, Any], Any]]
"""Attribute of a field, whether its texts go to the database as they are, and what prepares any other value."""

Named: TypeAlias = "tuple[str, models.Field[Any, Any]]"
"""A field with its attribute's name."""

LENGTH = re.compile(r"\(\d+\)")
"""Of varchar(64): a cast to it would cut a longer text, where PostgreSQL should refuse the row."""


def insert_many(
    model: type[models.Model],
    *,
    shared: Mapping[str, Any],
    varying: Mapping[str, Sequence[Any]],
    ignore_conflicts: bool = False,
) -> None:
    """Insert as many rows as each sequence of `varying` has values, in their order, in one statement.

    shared: values that all rows have. Both name fields (a foreign key by its id's name, "canvass_id"). Fields in
    neither get their default, one for all rows, or are left to the database where it has one. No signal is sent,
    nothing returned. ignore_conflicts: leave out a row whose like is there already, where it would be an error.
    """
    if next(iter(varying.values()), ()):
        _database().run(*_many(model, shared, varying, ignore_conflicts=ignore_conflicts))


def insert_last(
    model: type[models.Model], *, shared: Mapping[str, Any], varying: Mapping[str, Sequence[Any]] | None = None
) -> None:
    """Insert before the transaction's next statement, or in one message with its commit: one row, or as `insert_many`.

    One row's fields that `shared` does not name are the database's. Raises TransactionManagementError outside a
    transaction; `DatabaseWrapper.run_last` says when a row that is refused is an error.
    """
    _database().run_last(*(_many(model, shared, varying) if varying else _one(model, shared)))


def _one(model: type[models.Model], values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    statement, columns = _statement(model, tuple(values))
    database = _database()
    return statement, [
        value if is_text and (value := values[name]).__class__ is str else prepare(values[name], database)
        for name, is_text, prepare in columns
    ]


def _many(
    model: type[models.Model],
    shared: Mapping[str, Any],
    varying: Mapping[str, Sequence[Any]],
    *,
    ignore_conflicts: bool = False,
) -> tuple[str, list[Any]]:
    statement, constants, arrays = _statement_of_many(model, tuple(shared), tuple(varying), ignore_conflicts)
    database = _database()
    values: list[Any] = [
        field.get_db_prep_save(shared[name] if name in shared else field.get_default(), database)
        for name, field in constants
    ]
    values += [[field.get_db_prep_save(value, database) for value in varying[name]] for name, field in arrays]
    return statement, values


def _database() -> DatabaseWrapper:
    return cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])


@cache
def _statement(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, list[Column]]:
    """Return the statement that writes these fields of a row, and how the value of each is prepared."""
    table = model._meta  # noqa: SLF001  (documented, in spite of its name)
    fields = {field.attname: field for field in table.concrete_fields}
    written = [fields[name] for name in names]
    quote = connection.ops.quote_name
    into = ", ".join(quote(str(field.column)) for field in written)
    values = ", ".join(["%s"] * len(written))
    return (
        f"INSERT INTO {quote(table.db_table)} ({into}) VALUES ({values})",  # noqa: S608
        [(field.attname, isinstance(field, models.CharField), field.get_db_prep_save) for field in written],
    )


@cache
def _statement_of_many(
    model: type[models.Model], shared: tuple[str, ...], varying: tuple[str, ...], ignore_conflicts: bool
) -> tuple[str, list[Named], list[Named]]:
    """Return the statement, the fields that have one value for all rows, and those that have one for each."""
    table = model._meta  # noqa: SLF001  (documented, in spite of its name)
    fields = {field.attname: field for field in table.concrete_fields}
    left = [name for name, field in fields.items() if name not in varying and not _left_to_database(field)]
    constants = [(name, fields[name]) for name in (*shared, *(name for name in left if name not in shared))]
    arrays = [(name, fields[name]) for name in varying]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for _name, field in (*constants, *arrays))
    values = ", ".join(
        [*(f"%s::{_type(field)}" for _name, field in constants), *(f"row.v{n}" for n in range(len(arrays)))]
    )
    unnested = ", ".join(f"%s::{_type(field)}[]" for _name, field in arrays)
    names = ", ".join(f"v{number}" for number in range(len(arrays)))
    conflict = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    statement = (
        f"INSERT INTO {quote(table.db_table)} ({columns}) SELECT {values} "  # noqa: S608
        f"FROM unnest({unnested}) WITH ORDINALITY AS row ({names}, place) ORDER BY row.place{conflict}"
    )
    return statement, constants, arrays


def _left_to_database(field: "models.Field[Any, Any]") -> bool:
    return field.db_default is not NOT_PROVIDED or isinstance(field, models.AutoField)


def _type(field: "models.Field[Any, Any]") -> str:
    """Return the type of a field's column, for a foreign key that of the key, without a length."""
    return LENGTH.sub("", str(field.db_type(connection)))
