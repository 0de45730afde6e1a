"""The registry's cards on the page "Administration"."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fusus_portal.agency import sections
from fusus_portal.agency.sections import Section
from registry.selectors import dispatch, exports, imports, outreach


def register() -> None:
    """Add them."""
    sections.register(*SECTIONS)
    sections.register(*_other_counties())


def _other_counties() -> list[Section]:
    return [
        Section(
            url_name="county_agencies",
            title=_("Agencies by county"),
            text=_("Whom people are told to ask who move to another county."),
            place=60,
            label=_("See the agencies"),
        ),
        Section(
            url_name="leads",
            title=_("Outreach to other counties"),
            text=_("People who moved away and agreed that the agency there be asked to join."),
            place=61,
            note=_leads,
            label=_("See the counties"),
        ),
    ]


def _leads() -> str:
    waiting = sum(count.waiting for count in outreach.counts())
    if not waiting:
        return ""
    return ngettext("One lead waits.", "%(number)d leads wait.", waiting) % {"number": waiting}


def _keys_that_wait() -> str:
    number = dispatch.waiting_keys()
    if not number:
        return ""
    return ngettext("%(number)d key waits for approval.", "%(number)d keys wait for approval.", number) % {
        "number": number
    }


def _imports_that_stopped() -> str:
    number = imports.stopped()
    if not number:
        return ""
    return ngettext(
        "%(number)d import was stopped by a fault.", "%(number)d imports were stopped by a fault.", number
    ) % {"number": number}


def _copies_that_wait() -> str:
    number = exports.waiting()
    if not number:
        return ""
    return ngettext("%(number)d copy waits for approval.", "%(number)d copies wait for approval.", number) % {
        "number": number
    }


SECTIONS = (
    Section(
        url_name="incident_types",
        title=_("Crimes and emergencies"),
        text=_("What footage may be asked for, and how incident numbers are written."),
        place=40,
        label=_("See types and numbers"),
    ),
    Section(
        url_name="limits",
        title=_("Limits"),
        text=_("How much a request may ask for, and how it is followed up."),
        place=50,
    ),
    Section(
        url_name="import_list",
        title=_("Import a registry"),
        text=_("Bring the office's former registry from a file, see what became of it, or undo it."),
        place=60,
        note=_imports_that_stopped,
        label=_("See imports"),
    ),
    Section(
        url_name="registry_exports",
        title=_("Take the registry along"),
        text=_("A copy of the whole registry, for an agency that leaves. It takes two administrators."),
        place=61,
        note=_copies_that_wait,
        label=_("See copies"),
    ),
    Section(
        url_name="dispatch_keys",
        title=_("Dispatch"),
        text=_("The keys of the dispatch system, whose incidents count as verified."),
        place=50,
        note=_keys_that_wait,
        label=_("See keys and deliveries"),
    ),
    Section(
        url_name="retention",
        title=_("How long footage is kept"),
        text=_("The categories of your records schedule. Each crime or emergency has one."),
        place=45,
        label=_("See the categories"),
    ),
    Section(
        url_name="purposes",
        title=_("Purposes"),
        text=_("What footage is wanted for. Owners read it in each request."),
        place=41,
        label=_("See the purposes"),
    ),
)
