from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.figures.rules import LONGEST_DELAY


def may_review(by: User) -> None:
    demand(by, Permission.RELEASE_FIGURES)


def check_note(note_en: str, note_es: str) -> None:
    """Raise ValidationError on the missing note if only one language is written."""
    if note_en and not note_es:
        raise ValidationError({"note_es": _("Write the note in Spanish too: the page is in both languages.")})
    if note_es and not note_en:
        raise ValidationError({"note_en": _("Write the note in English too: the page is in both languages.")})


def check_until(until: date, *, today: date) -> None:
    """Raise ValidationError on "until" unless the delay ends between tomorrow and thirty days from now."""
    if until <= today:
        raise ValidationError({"until": _("Choose a day after today.")})
    if until > today + LONGEST_DELAY:
        raise ValidationError({"until": _("Choose a day within 30 days.")})


def last_of_quarter_before(day: date) -> date:
    """Return the last day of the quarter that ended before a day."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first - timedelta(days=1)
