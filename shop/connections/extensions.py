from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.tables import Cell
from integration.cores import hooks as integration_hooks
from integration.cores.models import Core
from registry.places import hooks as place_hooks
from registry.registrants.models import Registrant
from shop.connections import presenters, selectors
from shop.connections.models import CardUse, Term
from shop.connections.services import cards, subscriptions, years
from shop.connections.states import SubscriptionState
from shop.orders.hooks import year_order, year_pages
from shop.orders.selectors.orders import ORDERS, kept_of
from shop.payments.cards import card_words
from shop.payments.hooks import saved_card


class Years:
    lock_core = staticmethod(years.lock_core)
    buy = staticmethod(years.buy)
    declined = staticmethod(years.announce_again)
    order_ended = staticmethod(cards.end_for_order)


class Pages:
    cards = staticmethod(presenters.year_cards)
    page = staticmethod(presenters.YearPage)
    facts = staticmethod(presenters.year_facts)
    tick_words = staticmethod(selectors.card_tick_words)
    pays_words = staticmethod(selectors.pays_words)
    card_words = staticmethod(selectors.card_words)
    canceled_words = staticmethod(selectors.card_canceled_words)
    ended_words = staticmethod(selectors.ended_words)


class Cards:
    customer_of = staticmethod(selectors.customer_of)
    failed = staticmethod(years.record_failure)
    card_used = staticmethod(cards.keep_for_order)
    page_followed = staticmethod(cards.follow_page)


def register() -> None:
    year_order.register(Years())
    year_pages.register(Pages())
    saved_card.register(Cards())
    place_hooks.registrants.register(
        place_hooks.Dependent(
            name="connections",
            tables={"connections": connections_table},
            leaving=place_hooks.LeavingPart(ORDERS, subscriptions.end_for_leaver, kept_of, kept_orders),
        )
    )
    integration_hooks.core_followers.register(
        integration_hooks.CoreFollower(
            name="connections",
            activated=subscriptions.begin,
            replaced=subscriptions.replace_core,
            why_stopped=why_stopped,
            shown=shown,
        )
    )


def kept_orders(number: int) -> str:
    line = ngettext(
        "One order with its payments and invoices, with the name and addresses on them: tax law asks for them. An "
        "order that is not shipped is canceled: what you paid for it goes back, and you owe nothing for it. Kept until "
        "%%(day)s.",
        "%(number)d orders with their payments and invoices, with the name and addresses on them: tax law asks for "
        "them. An order that is not shipped is canceled: what you paid for it goes back, and you owe nothing for it. "
        "Kept until %%(day)s.",
        number,
    )
    return line % {"number": number}


def connections_table(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return the paid years of a registrant's connections for the own-data file, oldest first. Amounts are cents."""
    uses = CardUse.objects.filter(card__registrant=registrant).select_related("card")
    kept = {use.order_id: use for use in uses}
    rows = Term.objects.filter(subscription__registrant=registrant).order_by("starts_on", "pk")
    terms = rows.select_related("subscription__core", "subscription__line", "line__order")
    return [
        {
            "core": term.subscription.core.serial,
            "state": term.subscription.state,
            "begins": term.starts_on.isoformat(),
            "ends": term.ends_on.isoformat(),
            "order": term.line.order.number,
            "fee": term.fee,
            "refunded": term.refunded,
            "card": card_words(use.card.card_brand, use.card.card_last4) if use else "",
            "card_since": use.card.saved_at.isoformat() if use else "",
            "card_agreed": use.said if use else "",
        }
        for term, use in ((term, kept.get(term.subscription.line.order_id)) for term in terms)
    ]


def why_stopped(core: Core) -> str:
    found = selectors.subscription_of_core(core)
    if found is not None and found.state == SubscriptionState.LAPSED:
        return _("The year of this CORE is not paid, so nobody sees anything through it until its owner pays.")
    if found is None or found.state != SubscriptionState.ENDED:
        return ""
    return _("The connection of this CORE was canceled, so nobody sees anything through it.")


def shown(core: Core) -> integration_hooks.Shown | None:
    """Return the card of the connection for the owner's page of a CORE, None for a CORE that was not bought."""
    found = selectors.subscription_of_core(core)
    return ("shop/connections/block.html", {"card": presenters.SubscriptionCard(found)}) if found is not None else None
