from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.queries import find_or_refuse
from integration.cores.models import Core
from shop.connections.models import Subscription, Term
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order
from shop.orders.selectors.money import Split, done_split, owed_of, split_of, taken_off
from shop.parcels.models import ShipmentItem
from shop.returns import worth


def of_core(core: Core) -> Subscription | None:
    """Return the latest subscription of a CORE's current owner; None if they did not buy it."""
    return _whole().filter(core=core, registrant=core.registrant_id).order_by("-begun_at").first()


def own(user: User) -> QuerySet[Subscription]:
    return _whole().filter(registrant__user=user).order_by("-begun_at")


def own_of(user: User, core: Core) -> Subscription:
    """Return the subscription of a business's own CORE. Raises NotYours."""
    return find_or_refuse(own(user).filter(core=core), _("There is no connection to cancel."), subject=core.subject)


def due(today: date) -> QuerySet[Subscription]:
    ending = Subscription.objects.filter(state=SubscriptionState.CANCEL_SCHEDULED, ends_on__lte=today)
    return ending.order_by("ends_on", "pk")


def terms_of(subscription: Subscription) -> list[Term]:
    """Return its years in order, without those that were refunded before they began."""
    live = [term for term in subscription.terms.all() if term.void_at is None]
    return sorted(live, key=lambda term: term.starts_on)


def paid_until(subscription: Subscription) -> date:
    """Return the day after the last paid one."""
    return max(term.ends_on for term in terms_of(subscription))


def year_ends_on(subscription: Subscription) -> date:
    """Return the day after the last one of the current year; years paid ahead follow it."""
    today = timezone.localdate()
    return max(term.ends_on for term in terms_of(subscription) if term.starts_on <= today)


def unused(term: Term, today: date) -> int:
    """Return the cents of its fee for whole months that have not begun, less refunds; of a future year all of it."""
    if term.ends_on <= today:
        return 0
    return worth.unused(term.fee, term.starts_on if term.starts_on <= today else None, today) - term.refunded


def splits_of(subscription: Subscription, *, from_day: date | None = None) -> list[Split]:
    """Return the refund of unused whole months if it ends now, by each year's order. from_day: only of later years."""
    today = timezone.localdate()
    wanted = [term for term in terms_of(subscription) if from_day is None or term.starts_on >= from_day]
    return _splits(wanted, today)


def later_splits(item: ShipmentItem, since: datetime) -> list[Split]:
    """Return the refund of later years, coming or past, of a CORE whose return began then: by each year's order."""
    rows = Subscription.objects.filter(item=item).prefetch_related("terms__line__order")
    found = rows.first()
    if found is None or (found.ended_at is not None and found.ended_at < since):
        return []
    later = [term for term in terms_of(found) if term.line_id != found.line_id]
    if found.ended_at is None:
        return _splits(later, timezone.localdate(since))
    ended = [(term.line.order, term.refunded, taken_off(term.line.order)) for term in later if term.refunded]
    return [done_split(order, off=min(off, cents), back=max(cents - off, 0)) for order, cents, off in ended]


def _splits(terms: Iterable[Term], today: date) -> list[Split]:
    """Return where the unused months of years go, each by its own order; nothing is given back twice."""
    amounts = [(term.line, unused(term, today)) for term in terms]
    found = [split_of(line.order, cents, line=line) for line, cents in amounts if cents > 0]
    return [split for split in found if split.off + split.back > 0]


def owing_orders(subscription: Subscription) -> list[Order]:
    orders = [term.line.order for term in terms_of(subscription)]
    return [order for order in orders if owed_of(order)]


def _whole() -> QuerySet[Subscription]:
    rows = Subscription.objects.select_related("core", "line__order", "registrant__user")
    of_years = ("terms__line__order__payments", "terms__line__order__invoices__credit_notes")
    return rows.prefetch_related("terms", *of_years, "renewals")
