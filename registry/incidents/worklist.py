from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages import times
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import closings
from registry.incidents.selectors import dispatch, incidents
from registry.incidents.selectors.incidents import IncidentStanding

TOLD_BEFORE = timedelta(hours=3)


def to_verify(user: User) -> list[WorkItem]:
    return [
        _of(_("To verify"), each, due=closings.lapses_at(each), at_due=_("closes in %(time)s"), about=each.subject)
        for each in incidents.to_verify(user)
    ]


def without_room(user: User) -> list[WorkItem]:
    """Return people who can open no other incident. about: their latest one, so that a new case is told again."""
    text = _("%(person)s can open no other incident: nobody has verified %(number)d")
    address = f"{reverse('incidents')}?{urlencode({'standing': IncidentStanding.UNVERIFIED})}"
    return [
        WorkItem(
            _("Verify one"),
            "bad",
            text % {"person": opener.pseudonym, "number": len(own)},
            address,
            due=closings.lapses_at(own[0]),
            at_due=_("the first closes in %(time)s"),
            about=own[-1].subject,
        )
        for opener, own in incidents.without_room(user)
    ]


def unverified(user: User) -> list[WorkItem]:
    return [
        _of(_("Not verified"), each, due=closings.lapses_at(each), at_due=_("closes in %(time)s"))
        for each in incidents.to_be_verified(user)
    ]


def closed(user: User) -> list[WorkItem]:
    return [
        _of(_("Closed"), each, kind="quiet", due=closings.ends_at(each), at_due=_("can be taken back for %(time)s"))
        for each in incidents.closed_by(user)
    ]


def differing(user: User) -> list[WorkItem]:
    return [_of(_("Dispatch differs"), each.incident, about=each.incident.subject) for each in dispatch.differing(user)]


def without_people(user: User) -> list[WorkItem]:
    return [_of(_("Assign people"), each, about=each.subject) for each in dispatch.without_people(user)]


def keys(user: User) -> list[WorkItem]:
    text = _("A key of dispatch · %(source)s")
    url = reverse("dispatch_keys")
    return [
        WorkItem(_("To approve"), "warn", text % {"source": each.source}, url, about=each.subject)
        for each in dispatch.proposed_keys().exclude(proposed_by=user)
    ]


def flagged(user: User) -> list[WorkItem]:
    opens = has(user.role, Permission.OPEN_INCIDENT)
    return [
        WorkItem(
            _("Not verified in time"),
            "warn",
            _("%(number)s · %(type)s closed automatically, %(day)s")
            % {"number": each.number, "type": each.type, "day": times.day(each.lapsed_at)},
            reverse("incident", args=[each.pk]) if opens else reverse("audit"),
        )
        for each in incidents.flagged(user)
        if each.lapsed_at is not None
    ]


def _of(tag: str, incident: Incident, *, kind: str = "warn", **more: object) -> WorkItem:
    text = f"{incident.number} · {incident.type}"
    return WorkItem(tag, kind, text, reverse("incident", args=[incident.pk]), of=incident, **more)  # type: ignore[arg-type]


SOURCES = (
    Source(
        name="incidents_to_verify",
        permission=Permission.VERIFY_INCIDENT,
        find=to_verify,
        telling=Telling(
            words=ngettext_lazy(
                "An incident waits to be verified.", "%(number)d incidents wait to be verified.", "number"
            ),
            waits=lambda: incidents.unverified().exists(),
            before=TOLD_BEFORE,
        ),
    ),
    Source(
        name="incidents_without_room",
        permission=Permission.VERIFY_INCIDENT,
        find=without_room,
        telling=Telling(
            words=ngettext_lazy(
                "Somebody can open no other incident until you verify one of theirs.",
                "%(number)d people can open no other incident until you verify one of theirs.",
                "number",
            ),
            waits=lambda: incidents.unverified().exists(),
        ),
    ),
    Source(name="incidents_unverified", permission=Permission.OPEN_INCIDENT, find=unverified),
    Source(name="incidents_closed", permission=Permission.OPEN_INCIDENT, find=closed),
    Source(
        name="dispatch_differs",
        permission=Permission.VERIFY_INCIDENT,
        find=differing,
        telling=Telling(
            words=ngettext_lazy(
                "Dispatch says something else of an incident than the portal does.",
                "Dispatch says something else of %(number)d incidents than the portal does.",
                "number",
            ),
            waits=lambda: dispatch.unsettled().exists(),
        ),
    ),
    Source(
        name="incidents_without_people",
        permission=Permission.VERIFY_INCIDENT,
        find=without_people,
        telling=Telling(
            words=ngettext_lazy(
                "Nobody works on an incident that dispatch opened.",
                "Nobody works on %(number)d incidents that dispatch opened.",
                "number",
            ),
            waits=lambda: dispatch.with_nobody().exists(),
        ),
    ),
    Source(
        name="dispatch_keys",
        permission=Permission.ADMINISTER,
        find=keys,
        telling=Telling(
            words=ngettext_lazy(
                "A key of dispatch waits for a second administrator.",
                "%(number)d keys of dispatch wait for a second administrator.",
                "number",
            ),
            waits=lambda: dispatch.proposed_keys().exists(),
        ),
    ),
    Source(name="incidents_flagged", permission=Permission.SEE_CONSOLE, find=flagged),
)
