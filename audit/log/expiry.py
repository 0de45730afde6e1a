"""Expiry of the texts that entries name by digest: reasons, network addresses, user agents.

Entries and the tree stay; an expired text can no longer be proved. The database enforces the minimum of one year and
legal holds (`migrations/0004_expiry.py`), and writes the entry with the counts.
"""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import connection
from django.utils import timezone

AT_ONCE = 10_000


def expire() -> int:
    """Delete the texts older than LEDGER_KEEP; return their number."""
    return sum(iter(partial(expire_some, before=timezone.now() - settings.LEDGER_KEEP), 0))


def expire_some(*, before: datetime, most: int = AT_ONCE) -> int:
    """Delete up to `most` texts, with an entry; return their number. Raises IntegrityError within the last year."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_expire(%s, %s)", [before, most])
        (gone,) = cursor.fetchone()
    return int(gone)
