"""What the catalogue adds to the apps below: a card of the page Administration, names for the log."""

from django.utils.translation import gettext_lazy

from audit import hooks
from fusus_portal.ground.agency import sections
from fusus_portal.ground.agency.sections import Section
from shop.catalogue.models import Product


def register() -> None:
    """Add them."""
    hooks.name_by("product", hooks.field(Product.objects.all(), "name"))
    sections.register(
        Section(
            url_name="catalogue",
            title=gettext_lazy("What is sold"),
            text=gettext_lazy("Products with their prices, pictures and stock, and what a visitor reads about them."),
            place=71,
            label=gettext_lazy("See the products"),
        )
    )
