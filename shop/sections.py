"""The shop's cards on the page "Administration"."""

from django.utils.translation import gettext_lazy as _

from fusus_portal.agency import sections
from fusus_portal.agency.sections import Section


def register() -> None:
    """Add them."""
    sections.register(
        Section(
            url_name="catalogue",
            title=_("What is sold"),
            text=_("Products with their prices, pictures and stock, and what a visitor reads about them."),
            place=71,
            label=_("See the products"),
        ),
        Section(
            url_name="tax_rates",
            title=_("Sales tax"),
            text=_("The rate of each place and kind of thing, and from when to when it counts."),
            place=72,
            label=_("See the rates"),
        ),
        Section(
            url_name="refunds_waiting",
            title=_("Money that waits"),
            text=_("Returns and refunds that a second person sends: you are that person where one clerk works."),
            place=74,
            label=_("See what waits"),
        ),
        Section(
            url_name="shop_limits",
            title=_("Limits of the shop"),
            text=_("How much one order holds, and how much one person gives back alone."),
            place=73,
            label=_("See the limits"),
        ),
    )
