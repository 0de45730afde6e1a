"""Who keeps what is sold, and what may be said of it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from fusus_portal.lifecycle import Refused
from shop.models import MovementKind
from shop.models.catalogue import LONGEST_TEXT
from shop.policies.texts import check_text
from shop.rules import ALL_BASIS_POINTS, HIGHEST_PRICE, MOST_OF_ONE

LONGEST_ALTERNATIVE = 160
LARGEST_CHANGE = 100_000
BY_HAND = (MovementKind.RECEIVED, MovementKind.CORRECTED, MovementKind.SCRAPPED)
"""What staff write down themselves; the rest is written by the parcel."""


def may_keep(by: User, *, subject: tuple[str, str] | None = None) -> None:
    """Raise Refused unless `by` is an administrator."""
    if by.role != Role.ADMINISTRATOR:
        raise Refused(_("Only administrators keep what is sold."), subject=subject)


def may_count(by: User, *, subject: tuple[str, str] | None = None) -> None:
    """Raise Refused unless `by` is an administrator or a clerk."""
    if by.role not in {Role.ADMINISTRATOR, Role.CLERK}:
        raise Refused(_("Only administrators and clerks keep the stock."), subject=subject)


def check_description(field: str, text: str) -> str:
    """Return a description with its lines. Raises ValidationError on its field."""
    tidy = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if len(tidy) > LONGEST_TEXT:
        raise ValidationError({field: _("Keep this below %(count)d characters.") % {"count": LONGEST_TEXT}})
    return tidy


def check_price(*, cents: int, yearly_fee: int) -> None:
    """Raise ValidationError by field for a price that can't be one."""
    wrong = {}
    highest = HIGHEST_PRICE // 100
    if not 0 < cents <= HIGHEST_PRICE:
        wrong["cents"] = _("A price is above $0 and at most $%(highest)d.") % {"highest": highest}
    if not 0 <= yearly_fee <= HIGHEST_PRICE:
        wrong["yearly_fee"] = _("A yearly fee is at least $0 and at most $%(highest)d.") % {"highest": highest}
    if wrong:
        raise ValidationError(wrong)


def check_discount(*, from_quantity: int, basis_points: int) -> None:
    """Raise ValidationError by field for a discount that can't be one."""
    wrong = {}
    if not 1 <= from_quantity <= MOST_OF_ONE:
        wrong["from_quantity"] = _("A discount begins at 1 to %(most)d pieces.") % {"most": MOST_OF_ONE}
    if not 0 < basis_points < ALL_BASIS_POINTS:
        wrong["basis_points"] = _("A discount is above 0 % and below 100 %.")
    if wrong:
        raise ValidationError(wrong)


def check_movement(*, kind: str, change: int, note: str, free: int) -> str:
    """Return the note. Raises ValidationError by field: more can't go than lie there unsold."""
    if kind not in BY_HAND:
        raise ValidationError({"kind": _("Choose why there is more or less.")})
    if change == 0 or abs(change) > LARGEST_CHANGE:
        raise ValidationError({"change": _("Write how many more there are, or how many fewer with a minus.")})
    if (kind == MovementKind.RECEIVED and change < 0) or (kind == MovementKind.SCRAPPED and change > 0):
        raise ValidationError({"change": _("What is received is more, and what is scrapped is fewer.")})
    if free + change < 0:
        sentence = _("Only %(free)d are free; the others are sold already.") % {"free": free}
        raise ValidationError({"change": sentence})
    return check_text("note", note, longest=200, needed=kind != MovementKind.RECEIVED)
