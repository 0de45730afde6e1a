"""Writing rows by a statement that is put together once: one row, or thousands without an instance for each."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models.fields import NOT_PROVIDED

ModelT = TypeVar("ModelT", bound=models.Model)
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
    if not next(iter(varying.values()), ()):
        return
    statement, constants, arrays = _statement_of_many(model, tuple(shared), tuple(varying), ignore_conflicts)
    database = connections[DEFAULT_DB_ALIAS]
    values: list[Any] = [
        field.get_db_prep_save(shared[name] if name in shared else field.get_default(), database)
        for name, field in constants
    ]
    values += [[field.get_db_prep_save(value, database) for value in varying[name]] for name, field in arrays]
    with _preparing_cursor(database) as cursor:
        cursor.execute(statement, values)


def inserted(model: type[ModelT], values: Mapping[str, Any], *, given_by_database: frozenset[str]) -> ModelT:
    """Insert one row by a statement that is compiled once for each model; return it with what the database gave it.

    values: of all fields but those, by their attribute. given_by_database: the fields that the statement does not
    name. No signal is sent.
    """
    statement, written, layout = _statement(model, given_by_database)
    database = connections[DEFAULT_DB_ALIAS]
    prepared = [
        value if is_text and (value := values[name]).__class__ is str else prepare(values[name], database)
        for name, is_text, prepare in written
    ]
    with _preparing_cursor(database) as cursor:
        cursor.execute(statement, prepared)
        given = iter(cursor.fetchone())
    ordered = [values[name] if name else next(given) for name in layout]
    return model.from_db(DEFAULT_DB_ALIAS, [], ordered)


def _preparing_cursor(database: BaseDatabaseWrapper) -> CursorWrapper:
    """Return a cursor whose statements the database keeps ready from the fifth time on: it need not plan them again.

    Where statements are logged it is one as usual: a statement that was kept ready is not known by its text.
    """
    if database.queries_logged:
        return database.cursor()
    database.ensure_connection()
    cursor: Any = ServerBindingCursor(database.connection)  # type: ignore[call-arg]
    return database.make_cursor(cursor)


@cache
def _statement(model: type[models.Model], given: frozenset[str]) -> tuple[str, list[Column], list[str]]:
    """Return the statement, what it writes, and all fields by attribute, "" for one that is given."""
    table = model._meta  # noqa: SLF001  (documented, in spite of its name)
    fields = list(table.concrete_fields)
    written = [field for field in fields if field.attname not in given]
    quote = connection.ops.quote_name
    into = ", ".join(quote(str(field.column)) for field in written)
    back = ", ".join(quote(str(field.column)) for field in fields if field not in written)
    values = ", ".join(["%s"] * len(written))
    return (
        f"INSERT INTO {quote(table.db_table)} ({into}) VALUES ({values}) RETURNING {back}",  # noqa: S608
        [(field.attname, isinstance(field, models.CharField), field.get_db_prep_save) for field in written],
        [field.attname if field in written else "" for field in fields],
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
