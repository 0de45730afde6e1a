"""Who reads about an order: its buyer is "you"; clerks read what the buyer did and has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from shop.connections.selectors import kept_cards
from shop.orders.models.orders import Order
from shop.orders.presenters.money import to_buyer, to_clerk
from shop.orders.selectors.money import Split
from shop.payments.declines import why_not_charged, why_not_charged_for_clerks


@dataclass(frozen=True, slots=True)
class Reader:
    """The sentences that differ between readers."""

    placed: str | Promise
    approved: str | Promise
    declined: str | Promise
    not_charged: str | Promise
    why: Callable[[str], str]
    held: str | Promise
    approval_next: str | Promise
    delay_next: str | Promise
    arrival_next: str | Promise
    money: Callable[[Split], str]
    canceled_card: Callable[[Order], str]


BUYER: Final = Reader(
    placed=gettext_lazy("You placed the order"),
    approved=gettext_lazy("Your purchase order %(number)s was approved"),
    declined=gettext_lazy("Your purchase order %(number)s was declined: %(reason)s"),
    not_charged=gettext_lazy("Your card could not be charged. %(why)s"),
    why=why_not_charged,
    held=gettext_lazy("We hold your order until %(until)s."),
    approval_next=gettext_lazy("Next: a clerk reviews your purchase order."),
    delay_next=gettext_lazy("Next: you tell us whether you will wait, or cancel the order."),
    arrival_next=gettext_lazy(
        "Next: the parcel arrives. Then press “It arrived” here, and activate the CORE with the code that you see."
    ),
    money=to_buyer,
    canceled_card=kept_cards.canceled_words,
)
CLERK: Final = Reader(
    placed=gettext_lazy("The buyer placed the order"),
    approved=gettext_lazy("Purchase order %(number)s was approved"),
    declined=gettext_lazy("Purchase order %(number)s was declined: %(reason)s"),
    not_charged=gettext_lazy("The card could not be charged. %(why)s"),
    why=why_not_charged_for_clerks,
    held=gettext_lazy("The order is held until %(until)s."),
    approval_next=gettext_lazy("Next: a clerk reviews the purchase order."),
    delay_next=gettext_lazy("Next: the buyer waits, or cancels the order."),
    arrival_next=gettext_lazy("Next: the parcel arrives, and the buyer says so."),
    money=to_clerk,
    canceled_card=lambda _order: "",
)
