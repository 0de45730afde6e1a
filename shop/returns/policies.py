from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.lookup.finders import Typed
from integration.cores.models import Core
from integration.cores.selectors import serial_in
from integration.cores.states import CoreState
from shop.catalogue.policies import check_text
from shop.parcels import policies as parcels
from shop.payments.states import LIVE_REFUNDS
from shop.returns import worth
from shop.returns.models import PartDeduction, Return
from shop.returns.states import NO_RETURNS, RETURN, UNDOABLE, WAY, ReturnState
from shop.rules import (
    HIGHEST_DEDUCTION,
    INSPECTED_WITHIN,
    LABEL_LIFE,
    MOST_PARTS,
    MOST_STEPS,
    PAID_OUT_WITHIN,
    PICTURES_OF_RETURN,
)

Part = tuple[str, str, int]
"""A part's name in English and in Spanish, and its deduction in hundredths of a percent."""

LEAST, ALL = 1_000, 10_000
LONGEST_AGE = 240
LONGEST_NOTE = 400


def is_theirs(back: Return) -> bool:
    """True if the business that bought a returned CORE is its owner."""
    return back.core.registrant_id is not None and back.core.registrant_id == back.order.registrant_id


def must_not_be_theirs(back: Return) -> None:
    """Raise Stale if the business that bought a CORE is its owner: every such CORE is taken back (promise I7)."""
    if is_theirs(back):
        raise Stale(_("This CORE is theirs, so its return can't be declined."), subject=back.subject)


def must_be_away(core: Core) -> None:
    """Raise Stale unless a CORE is on its way back."""
    if core.state != CoreState.RETURNING:
        raise Stale(_("This CORE is not coming back."), subject=core.subject)


def must_not_be_here(back: Return) -> None:
    """Raise Stale once the return's parcel was recorded. Only an undo leads the lifecycle back from there."""
    if back.state in UNDOABLE:
        raise RETURN.stale(back.state, subject=back.subject)


def may_be_labelled(back: Return, *, by: User) -> None:
    """Raise Stale or Refused unless a clerk may send a return label: the first one, or another after 21 days."""
    if back.state != ReturnState.LABEL_SENT:
        RETURN.check(source=back.state, target=ReturnState.LABEL_SENT, role=by.role, subject=back.subject)
        must_not_be_here(back)
        return
    demand(by, Permission.FULFILMENT, subject=back.subject)
    if not has_old_label(back):
        raise Stale(_("The label that was sent is still good."), subject=back.subject)


def has_old_label(back: Return) -> bool:
    labelled = back.labelled_at
    return back.state == ReturnState.LABEL_SENT and labelled is not None and labelled + LABEL_LIFE < timezone.now()


def must_hold_it(back: Return) -> None:
    """Raise Stale unless the returned CORE was in the parcel."""
    if back.found != back.core.serial:
        raise Stale(_("The parcel did not hold this CORE, so its return can't be accepted."), subject=back.subject)


def way_back(back: Return) -> ReturnState:
    """Return the state that a return had before its parcel was recorded."""
    if back.sent_at is not None:
        return ReturnState.IN_TRANSIT
    return ReturnState.LABEL_SENT if back.labelled_at is not None else ReturnState.APPROVED


def may_be_undone(back: Return, *, by: User) -> None:
    """Raise Stale or Refused unless a clerk may undo the record of a return's parcel: until money has moved."""
    if back.state not in UNDOABLE:
        raise Stale(
            _("Nothing is to be taken back now: no parcel is here, or its money has moved."), subject=back.subject
        )
    RETURN.check(source=back.state, target=way_back(back), role=by.role, subject=back.subject)
    if back.core.state != CoreState.RETURNING:
        raise Stale(_("This CORE was wiped or put into stock already, so it came."), subject=back.subject)
    again = Return.objects.filter(item=back.item_id).exclude(state__in=NO_RETURNS).exclude(pk=back.pk).first()
    if again is not None:
        words = _("Its owner has asked for this return anew: %(number)s.")
        raise Stale(words % {"number": again.number}, subject=back.subject)


def goes_back(back: Return) -> int:
    """Return the refund of an inspected CORE, in cents: always above zero."""
    off = back.age_off + (back.parts_off or 0)
    return worth.goes_back(device=back.device, off=off, least=back.lowest, fee_back=back.fee_back)


def owed(back: Return) -> int:
    """Return the cents of an accepted refund that are not paid, on their way, or off the invoice."""
    live = back.refunds.filter(state__in=LIVE_REFUNDS).aggregate(sum=Sum("cents"))["sum"] or 0
    return (back.refund or 0) - back.credited - live


def must_be_owed(back: Return) -> None:
    """Raise Stale if all money of a return has moved or is on its way."""
    if owed(back) <= 0:
        raise Stale(_("The money of this return is on its way already."), subject=back.subject)


def check_scan(back: Return, serial: str) -> str:
    """Return the scanned serial number of the returned CORE. Raises ValidationError on "serial" for anything else."""
    found = serial_in(serial)
    if found == back.core.serial:
        return found
    if Typed(serial).number("X") == back.number or (
        back.tracking and back.tracking in parcels.tracking_numbers_meant(Typed(serial))
    ):
        raise ValidationError({"serial": _("That is the number of the return. Scan the CORE that is in the parcel.")})
    if not found:
        sentence = _(
            "Scan or type the serial number. If the CORE is not in the parcel, go back and press “The CORE is not in "
            "the parcel”."
        )
        raise ValidationError({"serial": sentence})
    facts = {"found": found, "core": back.core.serial}
    other = Return.objects.filter(core__serial=found, state__in=WAY).first()
    if other is not None:
        words = _("%(found)s is the CORE of return %(number)s. Receive it there. This return waits for %(core)s.")
        raise ValidationError({"serial": words % {**facts, "number": other.number}})
    words = _(
        "This is %(found)s, and the return waits for %(core)s. Nothing is written down yet: scan it again. If the "
        "CORE is not in the parcel, go back and press “The CORE is not in the parcel”."
    )
    raise ValidationError({"serial": words % facts})


def check_other(back: Return, serial: str) -> str:
    """Return the serial number of another CORE in the parcel, or "". Raises ValidationError on "serial"."""
    found = serial_in(serial)
    if found == back.core.serial:
        raise ValidationError({"serial": _("This is the CORE of this return. Go back, and receive the parcel.")})
    return found


def check_parts(back: Return, parts: Iterable[PartDeduction]) -> list[PartDeduction]:
    """Return the missing or broken parts. Raises ValidationError on "parts" for deductions of another version."""
    found = list(parts)
    if any(part.schedule_id != back.schedule_id for part in found):
        raise ValidationError({"parts": _("This deduction was not published when the CORE was bought.")})
    return found


def check_pictures(pictures: Collection[object]) -> None:
    """Raise ValidationError on "picture" for no pictures, or too many."""
    if not 1 <= len(pictures) <= PICTURES_OF_RETURN:
        sentence = _("Add 1 to %(most)d pictures of what was in the parcel.") % {"most": PICTURES_OF_RETURN}
        raise ValidationError({"picture": sentence})


def inspected_by(back: Return) -> date | None:
    return working_day_after(back.received_at, INSPECTED_WITHIN) if back.received_at else None


def paid_by(back: Return) -> date | None:
    if back.received_at is None:
        return None
    if back.inspected_at is not None:
        return working_day_after(back.inspected_at, PAID_OUT_WITHIN)
    return working_day_after(back.received_at, INSPECTED_WITHIN + PAID_OUT_WITHIN)


def due_on(back: Return) -> date | None:
    """Return the day of the office's next step with a return that is here, else None."""
    return {
        ReturnState.RECEIVED: inspected_by(back),
        ReturnState.INSPECTED: paid_by(back),
        ReturnState.ACCEPTED: paid_by(back),
        ReturnState.REFUNDING: paid_by(back),
    }.get(ReturnState(back.state))


def is_late(back: Return, *, today: date) -> bool:
    due = due_on(back)
    return due is not None and today > due


def check_lowest(basis_points: int) -> int:
    """Return the smallest refund, in hundredths of a percent. Raises ValidationError on "lowest"."""
    if not LEAST <= basis_points <= ALL:
        sentence = _("At least %(least)d %% and at most 100 %% goes back.") % {"least": LEAST // 100}
        raise ValidationError({"lowest": sentence})
    return basis_points


def check_steps(steps: Mapping[int, int]) -> dict[int, int]:
    """Return deductions by age in months, sorted. Raises ValidationError on "steps" if an older CORE is worth more."""
    if len(steps) > MOST_STEPS or any(not 0 <= month <= LONGEST_AGE for month in steps):
        sentence = _("Write at most %(steps)d steps, of at most %(months)d months.")
        raise ValidationError({"steps": sentence % {"steps": MOST_STEPS, "months": LONGEST_AGE}})
    if any(not 0 <= off <= HIGHEST_DEDUCTION for off in steps.values()):
        sentence = _("A step takes off 0 %% to %(most)d %%.") % {"most": HIGHEST_DEDUCTION // 100}
        raise ValidationError({"steps": sentence})
    tidy = dict(sorted(steps.items()))
    if list(tidy.values()) != sorted(tidy.values()):
        raise ValidationError({"steps": _("A later step takes off at least as much as the one before.")})
    return tidy


def check_part_deductions(parts: Sequence[Part]) -> list[Part]:
    """Return parts that cost a deduction, names tidy. Raises ValidationError if too many, or a percent out of range."""
    if len(parts) > MOST_PARTS or any(not 0 < off <= HIGHEST_DEDUCTION for _name, _name_es, off in parts):
        sentence = _("Write at most %(parts)d parts, each above 0 %% and at most %(most)d %%.")
        raise ValidationError({"parts": sentence % {"parts": MOST_PARTS, "most": HIGHEST_DEDUCTION // 100}})
    return [(check_text("parts", name), check_text("parts", name_es), off) for name, name_es, off in parts]


SATURDAY = 5
FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
"""Holidays by month and day. One on a Saturday is kept on the Friday before, one on a Sunday on the Monday after."""

NTH = ((1, 0, 3), (2, 0, 3), (9, 0, 1), (10, 0, 2), (11, 3, 4))
"""Holidays by month, weekday from Monday as 0, and which of these weekdays in the month."""


def working_day_after(moment: datetime, days: int) -> date:
    """Return the day that is `days` working days after a moment, in local time."""
    day = timezone.localtime(moment).date()
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """True if a day is no weekend or federal holiday. January 1 of the next year may be kept on December 31."""
    return (
        day.weekday() < SATURDAY and day not in federal_holidays(day.year) and day not in federal_holidays(day.year + 1)
    )


def federal_holidays(year: int) -> set[date]:
    """Return the days on which the federal holidays of a year are kept."""
    kept = {_kept_on(date(year, month, day)) for month, day in FIXED}
    nth = {_nth(year, month, weekday, which) for month, weekday, which in NTH}
    last_of_may = date(year, 5, 31)
    return kept | nth | {last_of_may - timedelta(days=last_of_may.weekday())}


def _kept_on(day: date) -> date:
    shift = {SATURDAY: -1, SATURDAY + 1: 1}.get(day.weekday(), 0)
    return day + timedelta(days=shift)


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
