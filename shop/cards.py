"""The shop's cards on the profile of a business, and where one goes on that registered to buy."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fusus_portal.accounts.roles import Role
from registry import next_pages, profile_cards
from registry.profile_cards import ProfileCard
from shop.baskets import cart_of
from shop.selectors.carts import rows_of


def register() -> None:
    """Add them."""
    next_pages.register("shop", go_on)
    profile_cards.register(
        ProfileCard(
            url_name="orders",
            title=_("Orders"),
            text=_(
                "What you ordered: its parcels, its invoices, and what comes next. What is in your cart waits there."
            ),
            label=_("See my orders"),
            roles=frozenset({Role.BUSINESS}),
            place=30,
        )
    )


def go_on(request: HttpRequest) -> str:
    """Return the checkout for a business whose cart waits, "" for everybody else."""
    role = getattr(request.user, "role", "")
    return "checkout" if role == Role.BUSINESS and rows_of(cart_of(request)) else ""
