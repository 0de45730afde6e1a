"""Integration's cards on the page "Administration"."""

from django.utils.translation import gettext_lazy as _

from fusus_portal.agency import sections
from fusus_portal.agency.sections import Section


def register() -> None:
    """Add them."""
    sections.register(
        Section(
            url_name="core_models",
            title=_("Kinds of CORE"),
            text=_("What each kind is called, and how many cameras one of it connects."),
            place=70,
            label=_("See the kinds"),
        )
    )
