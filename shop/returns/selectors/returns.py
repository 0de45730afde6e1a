from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lookup.typed import Typed
from fusus_portal.ground.queries import find_or_refuse
from integration.cores.models import Core
from integration.cores.selectors import serial_in
from shop.orders.selectors import money
from shop.orders.selectors.money import Split
from shop.parcels import tracking
from shop.payments.states import LIVE_REFUNDS
from shop.returns.models import PartDeduction, Return, ReturnPicture
from shop.returns.selectors.quotes import item_of
from shop.returns.states import NO_RETURNS, ReturnState

OVER = (*NO_RETURNS, ReturnState.CLOSED)
PAID = (ReturnState.REFUNDING, ReturnState.CLOSED)
"""Its money went back, or is on its way."""


def own(user: User) -> QuerySet[Return]:
    return _whole().filter(registrant__user=user).order_by("-requested_at")


def own_one(user: User, pk: UUID) -> Return:
    """Return a business's own return. Raises NotYours."""
    return _found(own(user), pk)


def one(pk: UUID) -> Return:
    """Return a return for clerks. Raises NotYours."""
    return _found(_whole(), pk)


def live_of(core: Core) -> Return | None:
    """Return the open or paid return of a CORE's current owner."""
    rows = Return.objects.filter(core=core, registrant=core.registrant_id).exclude(state__in=NO_RETURNS)
    sent = item_of(core)
    return (rows.filter(item=sent) if sent else rows).order_by("-requested_at").first()


def board(*, state: str, text: str) -> QuerySet[Return]:
    """Return returns for clerks, oldest first. state: "" for any, or, without a text, for all open ones.

    text: as in the box of every console page (number, serial number, tracking number), or part of the business's name.
    """
    rows = _whole().order_by("requested_at", "pk")
    if state:
        rows = rows.filter(state=state)
    if text:
        typed = Typed(text)
        named = Q(registrant__name__icontains=text) | Q(order__party__icontains=text)
        labeled = Q(tracking__in=tracking.meant(typed), tracking__gt="")
        # Numbers of older returns begin with another letter.
        numbered = Q(number=typed.number("X")) | Q(number__iexact=text)
        return rows.filter(numbered | Q(core__serial=serial_in(text)) | labeled | named)
    return rows if state else rows.exclude(state__in=OVER)


def at(states: Iterable[ReturnState]) -> QuerySet[Return]:
    return _whole().filter(state__in=list(states)).order_by("requested_at", "pk")


def numbered(number: str, *, tracking: Iterable[str]) -> QuerySet[Return]:
    """Return the return of this number, or those with one of these tracking numbers, latest first."""
    rows = Return.objects.filter(Q(number=number) | Q(tracking__in=tracking, tracking__gt=""))
    return rows.order_by("-requested_at")


def counts() -> dict[str, int]:
    """Return the number of returns by state."""
    rows = Return.objects.values_list("state").annotate(number=Count("pk")).order_by()
    return dict(rows)


def worth_of(back: Return) -> int:
    """Return what a return comes to, in cents: what is expected, and once it is accepted what was fixed."""
    return back.expected if back.refund is None else back.refund


def split_of(back: Return) -> Split:
    """Return where the money of a return goes, or went once it was given back.

    What was given back for the same line before is not given twice.
    """
    if back.state in PAID:
        return money.done_split(back.order, off=back.credited, back=_given(back) + left_of(back))
    return money.split_of(back.order, worth_of(back), line=back.line)


def left_of(back: Return) -> int:
    """Return how much of an accepted return is still to be given back, as far as its order holds it."""
    owed = worth_of(back) - back.credited - _given(back)
    return min(owed, money.refundable_of(back.order, back.line))


def parts_of(back: Return) -> QuerySet[PartDeduction]:
    """Return the parts that may be missing or broken, by the version of a return."""
    return PartDeduction.objects.filter(schedule=back.schedule_id).order_by("position")


def picture(back: Return, pk: UUID) -> ReturnPicture:
    """Return a picture of a return. Raises NotYours."""
    return find_or_refuse(back.pictures.filter(pk=pk), _("There is no such picture."), subject=back.subject)


def _given(back: Return) -> int:
    return sum(refund.cents for refund in back.refunds.all() if refund.state in LIVE_REFUNDS)


def _found(rows: QuerySet[Return], pk: UUID) -> Return:
    return find_or_refuse(rows.filter(pk=pk), _("There is no such return."), subject=("return", str(pk)))


def _whole() -> QuerySet[Return]:
    rows = Return.objects.select_related("core__registrant", "order", "line", "registrant__user", "schedule")
    return rows.prefetch_related("parts__part", "pictures", "refunds__payment")
