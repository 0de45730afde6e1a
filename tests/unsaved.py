"""Rows that are nowhere but in a test, and what is beside them, so that no database is asked."""

from typing import TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def beside(row: Row, **rows: list[Model]) -> Row:
    """Let an unsaved row find these rows by its relations, as if they had been prefetched."""
    vars(row).setdefault("_prefetched_objects_cache", {}).update(rows)
    return row
