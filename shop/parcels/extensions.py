from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit import hooks
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lookup.finders import Finder, Found, Typed, finders, of_another_year
from fusus_portal.ground.pages import times
from fusus_portal.ground.worklist import sources
from fusus_portal.ground.worklist.sources import Act, Source, WorkItem, link_act
from integration.cores import hooks as integration_hooks
from integration.cores.hooks import CoreFollower, Shown
from integration.cores.models import Core
from integration.cores.states import CODED
from shop.catalogue.hooks import packed
from shop.catalogue.presenters import pieces
from shop.orders.models.orders import Order
from shop.orders.presenters.orders import Parcel
from shop.parcels import policies, presenters, selectors
from shop.parcels.models import Shipment
from shop.parcels.states import ShipmentState

BLOCK = "shop/parcels/own/code.html"


def parcels_found(_by: User, typed: Typed) -> Iterable[Found]:
    """Return the parcel with a typed number, or those with it as tracking number: carriers reuse these."""
    rows = selectors.numbered(typed.number("P"), tracking=policies.tracking_numbers_meant(typed))
    return [Found(each.number, presenters.next_page_of_parcel(each), _how_old(each)) for each in rows]


FINDER = Finder(
    name="parcels",
    kind=gettext_lazy("Parcel"),
    permission=Permission.FULFILMENT,
    example=lambda: _("P-8W4CTQ7H, or the carrier's tracking number"),
    find=parcels_found,
)


class PackedPieces:
    pieces = staticmethod(selectors.packed_pieces)
    cores = staticmethod(selectors.whereabouts)


def register() -> None:
    packed.register(PackedPieces())
    sources.register(*SOURCES)
    finders.register(FINDER)
    hooks.name_by("shipment", hooks.field(Shipment.objects.all(), "number"))
    integration_hooks.core_followers.register(
        CoreFollower(name="parcels", shown=code_of, desk_page=open_parcel, whereabouts=selectors.whereabouts)
    )


def code_of(core: Core) -> Shown | None:
    """Return the card with the activation code for the owner's page of a CORE, None if the CORE needs no code now."""
    parcel = selectors.parcel_of(core) if core.state in CODED else None
    return (BLOCK, {"card": Parcel(parcel)}) if parcel is not None else None


def open_parcel(core: Core) -> str:
    """Return a clerk's next page for the parcel with a CORE, or "" once the carrier has the parcel."""
    parcel = selectors.open_one_with(core)
    return presenters.next_page_of_parcel(parcel) if parcel is not None else ""


def _how_old(parcel: Shipment) -> str:
    last = parcel.ended_at or parcel.handed_over_at or parcel.labelled_at or parcel.begun_at
    return of_another_year(last, presenters.parcel_tag(parcel)[1])


def orders_to_send(_user: User) -> list[WorkItem]:
    """Return the orders with pieces that still ship, with the town they go to: neither buyer nor street."""
    return [_to_pack(each) for each in selectors.to_send()]


def _to_pack(order: Order) -> WorkItem:
    contents = ", ".join(pieces(count, line.local_name) for line, count in policies.to_ship(order))
    return WorkItem(
        _("To send"),
        "warn",
        f"{order.number} · {contents}",
        reverse("fulfilment_order", args=[order.number]),
        due=policies.must_be_sent_by(order),
        at_due=_("due in %(time)s"),
        where=order.ship_city,
        act=_pack(order),
    )


def _pack(order: Order) -> Act:
    """Return the act that begins or resumes an order's parcel, or the way to the one that waits for a carrier."""
    ready = next((each for each in order.shipments.all() if each.state == ShipmentState.LABELLED), None)
    if ready is not None:
        return link_act(_("Hand over"), reverse("parcel_hand_over", args=[ready.pk]), order.number)
    return Act(label=_("Pack"), url=reverse("order_pack", args=[order.number]), about=order.number)


def parcels_to_unpack(_user: User) -> list[WorkItem]:
    found = selectors.to_unpack()
    if not found:
        return []
    first, number = found[0], len(found)
    text = ngettext("%(number)d parcel to unpack", "%(number)d parcels to unpack", number) % {"number": number}
    where = times.oldest(first.number, first.begun_at, number)
    act = link_act(_("Unpack"), presenters.next_page_of_parcel(first), first.number)
    return [WorkItem(_("Unpack"), "warn", text, reverse("fulfilment"), number=number, where=where, act=act)]


SOURCES = (
    Source(name="orders_to_send", permission=Permission.FULFILMENT, find=orders_to_send),
    Source(name="parcels_to_unpack", permission=Permission.FULFILMENT, find=parcels_to_unpack),
)
