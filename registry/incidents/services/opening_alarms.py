from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from audit.ledger import alarms
from audit.ledger.alarms import AlarmKind
from fusus_portal.ground.accounts.models import User
from registry.incidents.policies.incidents import TooManyOpen


@contextmanager
def flagged(opener: User) -> Iterator[None]:
    """Raise the alarm for an act refused with TooManyOpen, once for a person and day. Auditors settle it.

    opener: of the incident. Use it around the transaction, which is undone.
    """
    try:
        yield
    except TooManyOpen:
        what = f"{opener.pseudonym} would have more unverified incidents open than one may, {timezone.localdate()}."
        with transaction.atomic():
            alarms.raise_alarm(kind=AlarmKind.INCIDENTS_OPENED, what=what)
        raise
