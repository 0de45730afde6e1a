"""Rows that may be there once only: the database decides, so that two tabs at once can't both win."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

Refusal: TypeAlias = AbstractContextManager[None]


@contextmanager
def refused(constraint: str, *, field: str, sentence: str) -> Iterator[None]:
    """Turn the database's refusal of a second row into ValidationError on `field`. constraint: the one that refuses."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != constraint:
            raise
        raise ValidationError({field: sentence}) from error
