from django.utils.translation import gettext_lazy

from audit import hooks
from fusus_portal.ground.agency import hooks as agency
from shop.catalogue.models import Product


def register() -> None:
    hooks.name_by("product", hooks.field(Product.objects.all(), "name"))
    agency.register_sections(
        agency.Section(
            url_name="catalogue",
            title=gettext_lazy("What is sold"),
            text=gettext_lazy("Products with their prices, pictures and stock, and what a visitor reads about them."),
            group=agency.Group.SHOP,
            place=71,
            words=gettext_lazy("products, prices, stock, discounts, pictures"),
        )
    )
