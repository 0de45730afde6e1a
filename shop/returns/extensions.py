from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext, ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.agency.hooks import Group, Section
from fusus_portal.ground.lookup.finders import Finder, Found, Typed, finders, of_another_year
from fusus_portal.ground.pages import times
from fusus_portal.ground.tables import Cell
from fusus_portal.ground.worklist import sources
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem, link_act
from integration.cores import hooks as integration_hooks
from integration.cores.hooks import CoreFollower, Shown
from integration.cores.models import Core
from registry.places import hooks as place_hooks
from registry.places.hooks import Dependent
from registry.registrants.models import Registrant
from shop.orders.hooks import comes_off
from shop.orders.models.orders import Order
from shop.orders.selectors.money import Split
from shop.parcels import policies as parcels, services as parcel_services
from shop.parcels.presenters import BoardPart, BoardRow, BoardSection, board_parts, section_of
from shop.payments.hooks import refund_moved
from shop.returns import policies, selectors, services
from shop.returns.models import Return
from shop.returns.presenters import cases
from shop.returns.presenters.returns import QuoteCard, ReturnCard
from shop.returns.selectors import live_return_of, quote_of_core
from shop.returns.states import WAY, ReturnState

WORTH = "shop/returns/own/worth.html"
DESK = {
    **{state: ["return_do", "receive"] for state in WAY},
    ReturnState.RECEIVED: ["return_inspect"],
    ReturnState.INSPECTED: ["return_press", "accept"],
}
"""URL name and arguments of a clerk's next page, by the state of a return; in other states it is the return's page."""


def returns_found(_by: User, typed: Typed) -> Iterable[Found]:
    rows = selectors.numbered(typed.number("X"), tracking=parcels.tracking_numbers_meant(typed))
    return [Found(each.number, desk_page(each), _how_old(each)) for each in rows]


def desk_page(back: Return) -> str:
    """Return the address of the page that receives, inspects or accepts a return, else of the return's page."""
    name, *more = DESK.get(ReturnState(back.state), ["return_case"])
    return reverse(name, args=[back.pk, *more])


FINDER = Finder(
    name="returns",
    kind=gettext_lazy("Return"),
    permission=Permission.FULFILMENT,
    example=lambda: _("X-6D2KPV9N, or the tracking number of its label"),
    find=returns_found,
)


def off_by_returns(order: Order, say: Callable[[Split], str]) -> list[str]:
    """Return for each open return of an order the sentence that says how much it takes off the order's invoice.

    say: `to_buyer` or `to_clerk`.
    """
    cards = [ReturnCard(back) for back in selectors.open_returns_of(order)]
    words, taking = _("When return %(number)s is done: %(money)s."), [card for card in cards if card.split.takes_off]
    return [words % {"number": card.back.number, "money": say(card.split)} for card in taking]


def register() -> None:
    sources.register(*SOURCES)
    finders.register(FINDER)
    comes_off.register(off_by_returns)
    refund_moved.register(services.follow_refund)
    board_parts.register(BoardPart("returns", board_sections))
    place_hooks.registrants.register(Dependent(name="returns", tables={"returns": returns_table}))
    integration_hooks.core_followers.register(
        CoreFollower(
            name="returns",
            return_begun=services.begin_return,
            restocked=parcel_services.put_core_back,
            came_back=came_back,
            shown_before_return=shown,
            return_page=page,
            desk_page=waiting_page,
            whereabouts=selectors.whereabouts,
        )
    )
    agency.register_sections(
        Section(
            url_name="deductions",
            title=gettext_lazy("Deductions from returns"),
            text=gettext_lazy("What is deducted from the price of a returned CORE, by age and by what is missing."),
            group=Group.SHOP,
            place=75,
            words=gettext_lazy("returns, refunds, wear, missing parts"),
        )
    )


def board_sections() -> list[BoardSection]:
    coming = selectors.returns_at((ReturnState.REQUESTED, *WAY))
    here = selectors.returns_at((ReturnState.RECEIVED, ReturnState.INSPECTED))
    return [
        section_of("returned", _("Coming back"), coming, _row, "returns_board"),
        section_of("inspect", _("To inspect"), here, _row, "returns_board"),
    ]


def _row(back: Return) -> BoardRow:
    card = cases.CaseCard(back)
    return BoardRow(
        number=back.number,
        url=desk_page(back),
        city=back.order.ship_city,
        text=f"{back.order.number}, {card.amount}",
        serials=[back.core.serial],
        since=back.inspected_at or back.received_at or back.sent_at or back.labelled_at or back.requested_at,
        tag=("bad", _("Late")) if card.is_late else card.tag,
    )


def returns_table(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return the returns of a registrant for the own-data file, newest first. Amounts are cents."""
    rows = Return.objects.filter(registrant=registrant).select_related("core", "order")
    return [
        {
            "number": back.number,
            "order": back.order.number,
            "core": back.core.serial,
            "state": back.state,
            "requested_at": back.requested_at.isoformat(),
            "expected": back.expected,
            "refund": "" if back.refund is None else back.refund,
            "reason": back.reason,
        }
        for back in rows.order_by("-requested_at")
    ]


def shown(core: Core) -> Shown | None:
    """Return the card of the refund for the owner's page of a CORE, None for a CORE that was not bought here."""
    back = quote_of_core(core)
    return (WORTH, {"card": QuoteCard(back)}) if back is not None else None


def came_back(core: Core) -> tuple[str, str] | None:
    """Return state and next step of a CORE's return, as its page says them, once its parcel is here; else None."""
    back = live_return_of(core)
    if back is None or back.received_at is None:
        return None
    card = ReturnCard(back)
    return card.tag[1], card.next_words


def page(core: Core) -> str:
    back = live_return_of(core)
    return reverse("return", args=[back.pk]) if back is not None else ""


def waiting_page(core: Core) -> str:
    """Return a clerk's next page for a CORE whose return waits for the CORE or for a decision, else ""."""
    back = live_return_of(core)
    return desk_page(back) if back is not None and back.state in (ReturnState.REQUESTED, *DESK) else ""


def _how_old(back: Return) -> str:
    return of_another_year(back.ended_at or back.requested_at, str(cases.STATES[ReturnState(back.state)][0]))


def returns_to_check(_user: User) -> list[WorkItem]:
    text = _("Return · %(number)s")
    return [
        WorkItem(
            _("To check"),
            "warn",
            text % {"number": each.number},
            reverse("return_case", args=[each.pk]),
            about=each.subject,
            act=link_act(_("Check"), reverse("return_case", args=[each.pk]), each.number),
        )
        for each in selectors.returns_on_board(state=ReturnState.REQUESTED, text="")
    ]


def returns_here(_user: User) -> list[WorkItem]:
    found = selectors.returns_at((ReturnState.RECEIVED, ReturnState.INSPECTED)).order_by("received_at", "pk")
    first = found.first()
    if first is None or first.received_at is None:
        return []
    number, due = found.count(), policies.due_on(first)
    text = ngettext("%(number)d CORE that came back", "%(number)d COREs that came back", number) % {"number": number}
    label = _("Inspect") if first.state == ReturnState.RECEIVED else _("Accept")
    return [
        WorkItem(
            _("To inspect"),
            "warn",
            text,
            reverse("returns_board"),
            due=times.end_of(due) if due else None,
            at_due=_("due in %(time)s"),
            number=number,
            where=times.oldest(first.number, first.received_at, number),
            act=link_act(label, desk_page(first), first.number),
        )
    ]


def return_items(user: User) -> list[WorkItem]:
    """Return the accepted returns that this person may refund: never those that they inspected."""
    return [_of_return(each) for each in selectors.waiting_returns() if each.inspected_by_id != user.pk]


def _of_return(back: Return) -> WorkItem:
    is_money = cases.waiting_of(back) > 0
    text = _("Money for a return · %(number)s") if is_money else _("Return · %(number)s")
    tag = _("To send") if is_money else _("To close")
    act = link_act(_("Send") if is_money else _("Close"), reverse("return_pay", args=[back.pk]), back.number)
    url = reverse("refunds_waiting")
    return WorkItem(tag, "warn", text % {"number": back.number}, url, about=back.subject, act=act)


SOURCES = (
    Source(
        name="returns_to_pay",
        permission=Permission.GIVE_BACK,
        find=return_items,
        telling=Telling(
            words=ngettext_lazy(
                "A return waits to be paid or closed.",
                "%(number)d returns wait to be paid or closed.",
                "number",
            ),
            waits=lambda: bool(selectors.waiting_returns()),
        ),
    ),
    Source(
        name="returns_to_check",
        permission=Permission.FULFILMENT,
        find=returns_to_check,
        telling=Telling(
            words=ngettext_lazy("A return waits to be checked.", "%(number)d returns wait to be checked.", "number"),
            waits=lambda: selectors.returns_on_board(state=ReturnState.REQUESTED, text="").exists(),
        ),
    ),
    Source(name="returns_here", permission=Permission.FULFILMENT, find=returns_here),
)
