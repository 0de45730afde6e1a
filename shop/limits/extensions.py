from django.utils.translation import gettext_lazy

from fusus_portal.ground.agency import hooks as agency


def register() -> None:
    agency.register_sections(
        agency.Section(
            url_name="shop_limits",
            title=gettext_lazy("Limits of the shop"),
            text=gettext_lazy("How much one order holds, and how much one person gives back alone."),
            group=agency.Group.SHOP,
            place=73,
            words=gettext_lazy("orders, refunds"),
        )
    )
