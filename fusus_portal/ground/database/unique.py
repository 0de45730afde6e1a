from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

Refusal: TypeAlias = AbstractContextManager[None]


@contextmanager
def refused(constraint: str, *, field: str, sentence: str) -> Iterator[None]:
    """Turn a violation of `constraint` into ValidationError on `field`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != constraint:
            raise
        raise ValidationError({field: sentence}) from error
