"""The alarm of a person who opens more incidents than one may without a second person's word."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from audit.ledger import alarms
from audit.ledger.alarms import AlarmKind
from fusus_portal.ground.accounts.models import User
from registry.incidents.policies.incidents import TooManyOpen


@contextmanager
def flagged(by: User) -> Iterator[None]:
    """Raise the alarm of an act that is refused for it, once for a person and day.

    Around the transaction, which is undone. Auditors settle it.
    """
    try:
        yield
    except TooManyOpen:
        what = f"{by.pseudonym} opened more incidents that nobody has verified than one may, {timezone.localdate()}."
        with transaction.atomic():
            alarms.raise_alarm(kind=AlarmKind.INCIDENTS_OPENED, what=what)
        raise
