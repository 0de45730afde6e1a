from django.utils.translation import gettext as _

from fusus_portal.ground.agency.models import OneRow
from fusus_portal.ground.lifecycle import Stale


def must_be_as_read(row: OneRow, *, revision: int) -> None:
    """Raise Stale if the row has changed since the form was opened."""
    if row.revision != revision:
        raise Stale(
            _("Somebody changed this since you opened it. Nothing of yours was saved. Look at it again first."),
            subject=row.subject,
        )


def newer() -> str:
    return _("A newer version has come into force since you opened this page. Please read it first.")
