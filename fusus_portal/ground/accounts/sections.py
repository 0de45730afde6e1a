"""The card of agency accounts on the page "Administration"."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fusus_portal.ground.accounts import selectors
from fusus_portal.ground.agency.sections import Section, register


def register_sections() -> None:
    """Register the card."""
    register(
        Section(
            url_name="people",
            title=_("People and roles"),
            text=_("Accounts of this office. Each change takes two administrators."),
            place=10,
            note=_waiting,
            label=_("See people and roles"),
        )
    )


def _waiting() -> str:
    count = selectors.open_changes().count()
    return ngettext("One change waits.", "%(number)d changes wait.", count) % {"number": count} if count else ""
