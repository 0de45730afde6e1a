"""The registry's cards on the page "Administration"."""

from django.utils.translation import gettext_lazy as _

from fusus_portal.agency.sections import Section, register


def register_sections() -> None:
    """Register the cards."""
    register(Section("limits", _("Limits"), _("How much a request may ask for, and how it is followed up."), 50))
