from django.utils.translation import gettext_lazy as _, ngettext

from fusus_portal.ground.agency import selectors
from fusus_portal.ground.agency.hooks import Section, register_sections
from fusus_portal.ground.streets import presenters


def register() -> None:
    register_sections(
        Section("agency_data", _("Agency data"), _("Name, contacts, links and colors, as the public sees them."), 20),
        Section("agency_seal", _("Seal"), _("The picture beside the name, on every page."), 21),
        Section(
            "street_list",
            _("Streets and addresses"),
            _("The files from which addresses are found and the map is drawn."),
            25,
            presenters.note,
        ),
        Section("document_list", _("Terms and agreements"), _("What people agree to, version by version."), 30),
        Section("message_list", _("Messages"), _("What the portal writes, and your own sentence in it."), 40, _edited),
    )


def _edited() -> str:
    count = len(selectors.edited_kinds())
    sentence = ngettext("One message has your sentences.", "%(number)d messages have your sentences.", count)
    return sentence % {"number": count} if count else ""
