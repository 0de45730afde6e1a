"""The shop's cards on the profile of a business."""

from django.utils.translation import gettext_lazy as _

from fusus_portal.accounts.roles import Role
from registry import profile_cards
from registry.profile_cards import ProfileCard


def register() -> None:
    """Add them."""
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
