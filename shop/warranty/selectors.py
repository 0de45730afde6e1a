"""Claims as their pages show them. Raises NotYours for a missing row."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from fusus_portal.ground.lookup.finders import Typed
from integration.cores.models import Core
from integration.cores.selectors import serial_in
from shop.orders.models.orders import OrderLine, TaxRate
from shop.orders.selectors.quotes import rates_at
from shop.parcels.models import ShipmentItem
from shop.returns import worth
from shop.returns.selectors import quote_of_item
from shop.warranty.models import Claim, ClaimPicture
from shop.warranty.states import CLAIMS_OVER, ClaimState


def own(user: User) -> QuerySet[Claim]:
    return _whole().filter(registrant__user=user).order_by("-opened_at")


def own_one(user: User, pk: UUID) -> Claim:
    return _found(own(user), pk)


def one(pk: UUID) -> Claim:
    return _found(_whole(), pk)


def live_of(core: Core) -> Claim | None:
    return Claim.objects.filter(core=core).exclude(state__in=CLAIMS_OVER).first()


def board(*, state: str, text: str) -> QuerySet[Claim]:
    """Return the claims in a list for clerks, oldest first. state: "" for any; if text is "" too, for all open ones.

    text: the number, the serial number of the old or the new CORE, or part of the business's name.
    """
    rows = _whole().order_by("opened_at", "pk")
    if state:
        rows = rows.filter(state=state)
    if text:
        known = serial_in(text)
        serial = Q(core__serial=known) | Q(replacement__serial=known)
        return rows.filter(Q(number=Typed(text).number("W")) | serial | Q(registrant__name__icontains=text))
    return rows if state else rows.exclude(state__in=CLAIMS_OVER)


def to_decide() -> QuerySet[Claim]:
    return _whole().filter(state=ClaimState.OPENED).order_by("opened_at", "pk")


def counts() -> dict[str, int]:
    return dict(Claim.objects.values_list("state").annotate(number=Count("pk")).order_by())


def picture(claim: Claim, pk: UUID) -> ClaimPicture:
    return find_or_refuse(claim.pictures.filter(pk=pk), _("There is no such picture."), subject=claim.subject)


def bought_as(claim: Claim) -> ShipmentItem | None:
    """Return the row by which a claim's old CORE was shipped to its buyer, None for a CORE that was given.

    The connection of the new CORE refers to this row, whatever became of the new CORE since.
    """
    rows = ShipmentItem.objects.filter(void_at__isnull=True, shipment__handed_over_at__isnull=False)
    rows = rows.select_related("shipment__order__registrant", "line__product").order_by("-packed_at")
    return rows.filter(subscription__core=claim.replacement_id).first() or rows.filter(core=claim.core_id).first()


def worth_of_old(claim: Claim) -> int:
    """Return the value of a claim's old CORE today, in cents, by the deductions published when it was bought.

    It is what a return would refund, without the fee, which moved to the new CORE. 0 if nobody bought the old one.
    """
    item = bought_as(claim)
    if item is None:
        return 0
    found = quote_of_item(item, claim.core)
    return worth.goes_back(device=found.device, off=found.age_off, least=found.lowest, fee_back=0)


def rate_for(line: OrderLine) -> TaxRate:
    """Return today's tax rate for a line of an earlier order; without one, the rate of that order."""
    order, today = line.order, timezone.localdate()
    rates = rates_at(state=order.ship_state, zip_code=order.ship_zip, on=today)
    return rates.get(line.product.tax_code, line.tax_rate)


def _found(rows: QuerySet[Claim], pk: UUID) -> Claim:
    return find_or_refuse(rows.filter(pk=pk), _("There is no such claim."), subject=("claim", str(pk)))


def _whole() -> QuerySet[Claim]:
    rows = Claim.objects.select_related("core__registrant", "registrant__user", "replacement", "charge")
    return rows.prefetch_related("pictures")
