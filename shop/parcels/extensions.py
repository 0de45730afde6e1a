from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import hooks
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lookup.finders import Finder, Found, finders, of_another_year
from fusus_portal.ground.lookup.typed import Typed
from fusus_portal.ground.worklist import sources
from integration import hooks as integration_hooks
from integration.cores.models import Core
from integration.cores.states import CODED
from integration.hooks import CoreFollower, Shown
from shop.orders.presenters.orders import Parcel
from shop.parcels import next_page, selectors, tracking, worklist
from shop.parcels.models import Shipment

BLOCK = "shop/parcels/own/code.html"


def parcels_found(_by: User, typed: Typed) -> Iterable[Found]:
    """Return the parcel of this number, or those with this tracking number: carriers reuse theirs."""
    rows = selectors.numbered(typed.number("P"), tracking=tracking.meant(typed))
    return [Found(each.number, next_page.of_parcel(each), _how_old(each)) for each in rows]


FINDER = Finder(
    name="parcels",
    kind=gettext_lazy("Parcel"),
    permission=Permission.FULFILMENT,
    example=lambda: _("P-8W4CTQ7H, or the carrier's tracking number"),
    find=parcels_found,
)


def register() -> None:
    sources.register(*worklist.SOURCES)
    finders.register(FINDER)
    hooks.name_by("shipment", hooks.field(Shipment.objects.all(), "number"))
    integration_hooks.core_followers.register(
        CoreFollower(name="parcels", shown=code_of, desk_page=open_parcel, whereabouts=selectors.whereabouts)
    )


def code_of(core: Core) -> Shown | None:
    """Return the block with the activation code on its owner's page, None for a CORE that waits for no code."""
    parcel = selectors.parcel_of(core) if core.state in CODED else None
    return (BLOCK, {"card": Parcel(parcel)}) if parcel is not None else None


def open_parcel(core: Core) -> str:
    """Return a clerk's next page for the parcel of a CORE, "" once its carrier has it."""
    parcel = selectors.open_one_with(core)
    return next_page.of_parcel(parcel) if parcel is not None else ""


def _how_old(parcel: Shipment) -> str:
    last = parcel.ended_at or parcel.handed_over_at or parcel.labelled_at or parcel.begun_at
    return of_another_year(last, parcel.get_state_display())
