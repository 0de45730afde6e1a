"""The end of the texts that entries name by digest: reasons, network addresses, user agents.

The entries stay, and so does the tree; what expired can no longer be proved. The database holds the floor of one year
and what is on legal hold (`migrations/0004_expiry.py`), and writes the entry with the counts.
"""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import connection
from django.utils import timezone

AT_ONCE = 10_000
"""Texts of one transaction, and of one entry."""


def expire() -> int:
    """Delete the texts that are older than is set (`LEDGER_KEEP`); return how many."""
    return sum(iter(partial(expire_some, before=timezone.now() - settings.LEDGER_KEEP), 0))


def expire_some(*, before: datetime, most: int = AT_ONCE) -> int:
    """Delete up to `most` texts from before a moment, and leave the entry of it; return how many.

    Raises IntegrityError for a moment within the last year.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_expire(%s, %s)", [before, most])
        (gone,) = cursor.fetchone()
    return int(gone)
