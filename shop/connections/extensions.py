"""What connections add to the apps below: the use of a CORE, leaving, a person's own data."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.tables.archive import Cell
from integration import hooks as integration_hooks
from integration.cores.models import Core
from integration.hooks import CoreFollower, Shown
from registry import hooks as registry_hooks
from registry.hooks import Dependent, LeavingPart
from registry.people.models import Registrant
from shop import hooks
from shop.connections import messages
from shop.connections.models import CardOnFile, Term
from shop.connections.presenters.subscriptions import SubscriptionCard
from shop.connections.selectors.subscriptions import of_core
from shop.connections.services import announcements, cards, subscriptions, years
from shop.connections.services.departures import end_for_leaver
from shop.connections.states import SubscriptionState
from shop.orders.selectors.orders import ORDERS, kept_of
from shop.payments.presenters.cards import card_words

BLOCK = "shop/connections/block.html"


class Years:
    """What becomes of the order of a further year, and of the card that pays it."""

    lock_core = staticmethod(years.lock_core)
    buy = staticmethod(years.buy)
    failed = staticmethod(years.failed)
    declined = staticmethod(announcements.announce_again)
    card_used = staticmethod(cards.keep_of)
    page_followed = staticmethod(cards.follow)


def register() -> None:
    """Add them."""
    hooks.year_order.register(Years())
    kinds.register(MessageKind.RENEWAL_ANNOUNCED, messages.announced)
    kinds.register(MessageKind.RENEWAL_REMINDED, messages.announced)
    kinds.register(MessageKind.RENEWAL_PAID, messages.paid)
    kinds.register(MessageKind.RENEWAL_FAILED, messages.failed)
    kinds.register(MessageKind.RENEWAL_LAPSED, messages.lapsed)
    registry_hooks.registrants.register(
        Dependent(
            name="connections",
            tables={"connections": connections_table},
            leaving=LeavingPart(ORDERS, end_for_leaver, kept_of, kept_orders),
        )
    )
    integration_hooks.core_followers.register(
        CoreFollower(
            name="connections",
            activated=subscriptions.begin,
            replaced=subscriptions.move,
            why_stopped=why_stopped,
            shown=shown,
        )
    )


def kept_orders(number: int) -> str:
    """Return the line about orders that stay."""
    line = ngettext(
        "One order with its payments and invoices, with the name and addresses on them: tax law asks for "
        "them. An order that is not shipped is canceled and paid back. Kept until %%(day)s.",
        "%(number)d orders with their payments and invoices, with the name and addresses on them: tax law "
        "asks for them. An order that is not shipped is canceled and paid back. Kept until %%(day)s.",
        number,
    )
    return line % {"number": number}


def connections_table(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each year of each connection, oldest first, and since when a card is on file for later ones."""
    card = CardOnFile.objects.filter(registrant=registrant).first()
    rows = Term.objects.filter(subscription__registrant=registrant).select_related("subscription__core", "line__order")
    return [
        {
            "core": term.subscription.core.serial,
            "state": term.subscription.state,
            "begins": term.starts_on.isoformat(),
            "ends": term.ends_on.isoformat(),
            "order": term.line.order.number,
            "fee": term.fee,
            "refunded": term.refunded,
            "card": card_words(card.card_brand, card.card_last4) if card else "",
            "card_since": card.saved_at.isoformat() if card else "",
        }
        for term in rows.order_by("starts_on", "pk")
    ]


def why_stopped(core: Core) -> str:
    """Return why a CORE may not work any more."""
    found = of_core(core)
    if found is not None and found.state == SubscriptionState.LAPSED:
        return _("The year of this CORE is not paid, so nobody sees anything through it until its owner pays.")
    if found is None or found.state != SubscriptionState.ENDED:
        return ""
    return _("The connection of this CORE was canceled, so nobody sees anything through it.")


def shown(core: Core) -> Shown | None:
    """Return the block on its owner's page, None for a CORE that was not bought."""
    found = of_core(core)
    return (BLOCK, {"card": SubscriptionCard(found)}) if found is not None else None
