from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit import hooks as audit_hooks
from audit.hooks import Meaning
from audit.log.actors import Actor
from fusus_portal.ground import numbers
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import sections
from fusus_portal.ground.agency.sections import Section
from fusus_portal.ground.lookup.finders import Finder, among, among_all, finders
from fusus_portal.ground.worklist import sources
from registry import hooks
from registry.canvasses import worklist
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.selectors import canvasses
from registry.canvasses.services import request_writer, verification
from registry.hooks import IncidentFollower
from registry.incidents.models.incidents import Incident
from registry.incidents.selectors import incidents


def _of(by: User) -> QuerySet[FootageRequest]:
    """Return the requests of visible incidents, whatever their owners answered (promise R4)."""
    return FootageRequest.objects.filter(incident__in=incidents.visible_to(by))


FINDER = Finder(
    name="canvasses",
    kind=gettext_lazy("Request"),
    permission=Permission.OPEN_INCIDENT,
    example=lambda: "R-7K2MQX4P",
    find=among("R", _of, lambda request: reverse("canvass", args=[request.canvass_id])),
    logged=among_all("R", FootageRequest.objects.all()),
)


def register() -> None:
    sources.register(*worklist.SOURCES)
    hooks.incidents.register(
        IncidentFollower(name="canvasses", verified=verification.lift, settled=settled, closing=closing)
    )
    audit_hooks.understand(requests_numbered)
    audit_hooks.name_by("request", audit_hooks.field(FootageRequest.objects.all(), "number"))
    finders.register(FINDER)
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
    if not numbers.is_number(text):
        return []
    found = FootageRequest.objects.filter(number=text.upper())
    return [Meaning(_("Request %(number)s") % {"number": each.number}, subjects=(each.subject,)) for each in found]


def settled(incident: Incident, actor: Actor) -> None:
    request_writer.withdraw_waiting(incident=incident, actor=actor)


def closing(incident: Incident) -> list[str]:
    """Warn of owners who can still answer and of unsent canvasses. Declined and unanswered are one number (R4)."""
    rest, prepared = canvasses.not_over(incident)
    said = []
    if rest:
        said.append(
            ngettext(
                "%(owners)d owner has given no answer that you can see. In ten minutes, whoever could still "
                "answer is told that nothing is needed any more.",
                "%(owners)d owners have given no answer that you can see. In ten minutes, whoever could still "
                "answer is told that nothing is needed any more.",
                rest,
            )
            % {"owners": rest}
        )
    if prepared:
        said.append(
            ngettext(
                "%(canvasses)d canvass is prepared and can't be sent any more.",
                "%(canvasses)d canvasses are prepared and can't be sent any more.",
                prepared,
            )
            % {"canvasses": prepared}
        )
    return said
