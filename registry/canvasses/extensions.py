"""What canvasses add to the apps below: messages, requests in the log, a card of the page Administration."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.console import words
from audit.console.wanted import Meaning
from fusus_portal import numbers
from fusus_portal.agency import sections
from fusus_portal.agency.sections import Section
from fusus_portal.notifications import kinds
from fusus_portal.notifications.kinds import MessageKind
from registry.canvasses import messages
from registry.canvasses.models.canvasses import FootageRequest


def register() -> None:
    """Add them."""
    words.understand(requests_numbered)
    words.call("request", words.field(FootageRequest.objects.all(), "number"))
    kinds.register(MessageKind.FOOTAGE_REQUEST, messages.footage_request)
    kinds.register(MessageKind.FOOTAGE_REMINDER, messages.footage_reminder)
    kinds.register(MessageKind.REQUEST_WITHDRAWN, messages.request_withdrawn)
    kinds.register(MessageKind.FOOTAGE_REPLY, messages.footage_reply)
    kinds.register(MessageKind.CANVASS_TO_APPROVE, messages.canvass_to_approve)
    sections.register(
        Section(
            url_name="purposes",
            title=gettext_lazy("Purposes"),
            text=gettext_lazy("What footage is wanted for. Owners read it in each request."),
            place=41,
            label=gettext_lazy("See the purposes"),
        )
    )


def requests_numbered(text: str) -> Iterable[Meaning]:
    """Return the footage request of this number."""
    if not numbers.is_number(text):
        return []
    found = FootageRequest.objects.filter(number=text.upper())
    return [Meaning(_("Request %(number)s") % {"number": each.number}, subjects=(each.subject,)) for each in found]
