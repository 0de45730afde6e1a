from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from fusus_portal.ground.database.owner import as_owner
from fusus_portal.ground.lifecycle import Denied


@contextmanager
def as_operator() -> Iterator[None]:
    """Act as the migrator: the application's database role can't write an operator's act. Raises CommandError."""
    try:
        with as_owner():
            yield
    except Denied as denied:
        raise CommandError(denied.sentence) from denied
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
