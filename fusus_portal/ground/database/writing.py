"""Inserts by cached statements: thousands of rows without model instances, or one row that travels with the commit."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache, wraps
from typing import Any, TypeAlias, cast

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections, models, transaction
from django.db.models.fields import NOT_PROVIDED

from fusus_portal.ground.database.backend.base import DatabaseWrapper

Column: TypeAlias = tuple[str, bool, Callable[[Any, Any], Any]]
"""A field's attribute, True if its text needs no preparation, and the function that prepares other values."""

Named: TypeAlias = "tuple[str, models.Field[Any, Any]]"

LENGTH = re.compile(r"\(\d+\)")
"""The length in varchar(64). A cast with it would cut a longer text that PostgreSQL should refuse."""


def in_batches(batch: Callable[[], int]) -> Callable[[], int]:
    """Return a function that runs batches, each in a transaction, until one returns 0. The function returns the sum."""

    @wraps(batch)
    def all_batches() -> int:
        return sum(iter(transaction.atomic(batch), 0))

    return all_batches


def insert_many(
    model: type[models.Model],
    *,
    shared: Mapping[str, Any],
    varying: Mapping[str, Sequence[Any]],
    ignore_conflicts: bool = False,
) -> None:
    """Insert a row for each value of the `varying` sequences, in order, in one statement, without signals.

    shared: values of all rows. Both are keyed by attribute (a foreign key as "canvass_id"). Other fields get one
    default for all rows, or the database's. ignore_conflicts: skip rows that exist.
    """
    if next(iter(varying.values()), ()):
        _database().run(*_many(model, shared, varying, ignore_conflicts=ignore_conflicts))


def insert_last(
    model: type[models.Model], *, shared: Mapping[str, Any], varying: Mapping[str, Sequence[Any]] | None = None
) -> None:
    """Insert one row, or rows as `insert_many`, before the transaction's next statement or together with its commit.

    For one row, other fields get the database's default. Raises as `DatabaseWrapper.run_last`.
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
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])


@cache
def _statement(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, list[Column]]:
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
    """Return a column's type without its length; for a foreign key the type of the key."""
    return LENGTH.sub("", str(field.db_type(connection)))


Refusal: TypeAlias = AbstractContextManager[None]


@contextmanager
def refuse_duplicate(constraint: str, *, field: str, sentence: str) -> Iterator[None]:
    """Turn a violation of `constraint` into ValidationError on `field`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != constraint:
            raise
        raise ValidationError({field: sentence}) from error
