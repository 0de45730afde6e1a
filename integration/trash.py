"""Integration's cards on the profile of a business."""

from django.utils.translation import gettext_lazy as _

from fusus_portal.accounts.roles import Role
from registry import profile_cards
from registry.profile_cards import ProfileCard


def register() -> None:
    """Add them."""
    profile_cards.register(
        ProfileCard(
            url_name="devices",
            title=_("My COREs"),
            text=_("The devices that connect your cameras: how they are, and which cameras are behind them."),
            label=_("See my COREs"),
            roles=frozenset({Role.BUSINESS}),
            place=10,
        ),
        ProfileCard(
            url_name="own_sharing",
            title=_("Sharing"),
            text=_("When deputies may see your connected cameras, and one button that pauses everything."),
            label=_("See what is shared"),
            roles=frozenset({Role.BUSINESS}),
            place=20,
        ),
    )
