"""Hooks of canvasses: finder, messages, cards, waiting work, and their part when an incident is verified or closed."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext, ngettext_lazy

from audit import hooks as audit_hooks
from audit.hooks import Meaning
from audit.log.actors import Actor
from fusus_portal.ground import numbers
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.geo.points import Area
from fusus_portal.ground.lookup.finders import Finder, among, among_all, finders
from fusus_portal.ground.worklist import sources
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem, link_act
from registry.canvasses import selectors
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import approvals, requests
from registry.canvasses.states import BEFORE_SENDING, CanvassState
from registry.incidents import hooks, selectors as incidents
from registry.incidents.models import Incident
from registry.incidents.policies import incidents as incident_policies

TOLD_BEFORE = timedelta(hours=3)


def work_to_decide(user: User) -> list[WorkItem]:
    """Return the canvasses that this supervisor may decide. They lapse with an unverified incident."""
    return [
        WorkItem(
            _("To approve"),
            "warn",
            _work_text(each),
            reverse("canvass_approval", args=[each.pk]),
            due=incident_policies.lapses_at(each.incident),
            at_due=_("incident closes in %(time)s"),
            about=each.subject,
            of=each.incident,
            where=each.incident.place,
            who=each.created_by.name,
            is_call=True,
            act=link_act(_("Approve"), reverse("canvass_approval", args=[each.pk]), each.incident.number),
        )
        for each in selectors.canvasses_to_decide(user)
    ]


def work_decided(user: User) -> list[WorkItem]:
    """Return the decided canvasses: an approved one waits until it is sent, the decision about a denied one is news."""
    return [_decided(each, reverse("canvass", args=[each.pk])) for each in selectors.canvasses_decided(user)]


def _decided(canvass: Canvass, page: str) -> WorkItem:
    is_approved = canvass.state == CanvassState.APPROVED
    return WorkItem(
        canvass.get_state_display(),
        "good" if is_approved else "warn",
        _work_text(canvass),
        page,
        of=canvass.incident,
        where=canvass.incident.place,
        act=link_act(_("Send"), page, canvass.incident.number) if is_approved else None,
        is_news=canvass.state == CanvassState.DENIED,
    )


def _work_text(canvass: Canvass) -> str:
    return _("Canvass beyond the limits · %(number)s") % {"number": canvass.incident.number}


SOURCES = (
    Source(
        name="canvasses_to_approve",
        permission=Permission.APPROVE_CANVASS,
        find=work_to_decide,
        telling=Telling(
            words=ngettext_lazy("A canvass waits for approval.", "%(number)d canvasses wait for approval.", "number"),
            waits=lambda: selectors.canvasses_waiting().exists(),
            at_once=False,  # the act itself writes to those on the incident
            before=TOLD_BEFORE,
        ),
    ),
    Source(name="canvasses_decided", permission=Permission.CANVASS, find=work_decided),
)


FINDER = Finder(
    name="canvasses",
    kind=gettext_lazy("Request"),
    permission=Permission.OPEN_INCIDENT,
    example=lambda: "R-7K2MQX4P",
    find=among(
        "R",
        lambda by: FootageRequest.objects.filter(incident__in=incidents.visible_to(by)),  # whatever was answered (R4)
        lambda request: reverse("canvass", args=[request.canvass_id]),
    ),
    logged=among_all("R", FootageRequest.objects.all()),
)


def register() -> None:
    sources.register(*SOURCES)
    hooks.incidents.register(
        hooks.IncidentFollower(
            name="canvasses", verified=approvals.release_held, settled=withdraw_settled, closing=closing_warnings
        )
    )
    hooks.panels.register(hooks.Panels(name="canvasses", outlines=areas_searched))
    audit_hooks.understand(requests_numbered)
    audit_hooks.name_by("request", audit_hooks.field(FootageRequest.objects.all(), "number"))
    finders.register(FINDER)
    agency.register_sections(
        agency.Section(
            url_name="purposes",
            title=gettext_lazy("Purposes"),
            text=gettext_lazy("What footage is wanted for. Owners read it in each request."),
            group=agency.Group.REQUESTS,
            place=41,
            words=gettext_lazy("reasons"),
        )
    )


def areas_searched(shown: Sequence[Incident]) -> list[tuple[UUID, Area, str]]:
    found = selectors.canvasses_of_incidents(shown)
    return [(each.incident_id, each.area, "prepared" if each.state in BEFORE_SENDING else "") for each in found]


def requests_numbered(text: str) -> Iterable[Meaning]:
    if not numbers.is_number(text):
        return []
    found = FootageRequest.objects.filter(number=text.upper())
    return [Meaning(_("Request %(number)s") % {"number": each.number}, subjects=(each.subject,)) for each in found]


def withdraw_settled(incident: Incident, actor: Actor) -> None:
    requests.withdraw_waiting(incident=incident, actor=actor)


def closing_warnings(incident: Incident) -> list[str]:
    """Return sentences on owners who can still answer and on unsent canvasses. A decline counts like silence (R4)."""
    rest, prepared = selectors.not_over_counts(incident)
    said = []
    if rest:
        words = ngettext(
            "%(owners)d owner has given no answer that you can see. In ten minutes, owners who could "
            "still answer are told that nothing is needed any more.",
            "%(owners)d owners have given no answer that you can see. In ten minutes, owners who could "
            "still answer are told that nothing is needed any more.",
            rest,
        )
        said.append(words % {"owners": rest})
    if prepared:
        words = ngettext(
            "%(canvasses)d canvass is prepared and can't be sent any more.",
            "%(canvasses)d canvasses are prepared and can't be sent any more.",
            prepared,
        )
        said.append(words % {"canvasses": prepared})
    return said
