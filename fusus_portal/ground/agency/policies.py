"""Who keeps the agency's data, and what somebody reads who agrees to older words."""

from django.utils.translation import gettext as _

from fusus_portal.ground.agency.models import OneRow
from fusus_portal.ground.lifecycle import Stale


def must_be_as_read(row: OneRow, *, revision: int) -> None:
    """Raise Stale when somebody has changed the row since the form was opened."""
    if row.revision != revision:
        raise Stale(
            _("Somebody changed this since you opened it. Nothing of yours was saved. Look at it again first."),
            subject=row.subject,
        )


def newer() -> str:
    """Return the sentence for somebody who agrees to a version that is in force no more, on whatever page is open."""
    return _("A newer version has come into force since you opened this page. Please read it first.")
