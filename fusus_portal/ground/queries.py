from typing import Any, TypeVar

from django.db.models import QuerySet

from fusus_portal.ground.lifecycle import NotYours

Row = TypeVar("Row")


def find_or_refuse(rows: "QuerySet[Any, Row]", sentence: str, *, subject: tuple[str, str] | None = None) -> Row:
    """Return the first row. Raises NotYours with the sentence if there are no rows."""
    found = rows.first()
    if found is None:
        raise NotYours(sentence, subject=subject)
    return found
