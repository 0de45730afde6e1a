from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit import hooks
from fusus_portal.ground import numbers
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.lookup.finders import Finder, among, among_all, finders
from fusus_portal.ground.worklist import sources
from fusus_portal.ground.worklist.sources import Act, Source, WorkItem, link_act
from registry.access_log.hooks import NamedWith, named_with
from registry.canvasses import selectors as canvasses
from registry.canvasses.models import FootageRequest
from registry.footage import selectors
from registry.footage.media_types import MEDIA_TYPES
from registry.footage.models import Evidence
from registry.incidents import hooks as incident_hooks, selectors as incidents
from registry.incidents.hooks import FootageWish
from registry.incidents.models import Incident

FINDER = Finder(
    name="footage",
    kind=gettext_lazy("File of evidence"),
    permission=Permission.VIEW_EVIDENCE,
    example=lambda: "E-3N8TVB6W",
    find=among(
        "E",
        lambda by: Evidence.objects.filter(request__incident__in=incidents.visible_to(by)),
        lambda file: reverse("evidence", args=[file.pk]),
    ),
    logged=among_all("E", Evidence.objects.all()),
)


def work_replies(user: User) -> list[WorkItem]:
    """Return the incidents with new replies to this person's canvasses. The button plays the latest new file."""
    found = canvasses.incidents_with_replies(user)
    fresh = {request.pk: request for replies in found.values() for request in replies}
    files: dict[UUID, Evidence] = {}
    for file in selectors.files_of(fresh.values()) if fresh else []:
        if MEDIA_TYPES[file.content_type].plays:
            files.setdefault(fresh[file.request_id].incident_id, file)
    wishes = incident_hooks.wishes_among([file.upload_id for file in files.values()]) if files else {}
    return [
        _of_replies(incident, replies, _play(file, fresh[file.request_id], wishes) if file else None)
        for incident, replies in found.items()
        for file in [files.get(incident.pk)]
    ]


def _of_replies(incident: Incident, replies: Sequence[FootageRequest], play: Act | None) -> WorkItem:
    number, url = len(replies), reverse("incident_replies", args=[incident.pk])
    words = ngettext("%(replied)d new reply · %(number)s", "%(replied)d new replies · %(number)s", number)
    return WorkItem(
        _("Replies"),
        "good",
        words % {"replied": number, "number": incident.number},
        url,
        of=incident,
        where=incident.place,
        act=play or link_act(_("See replies"), url, incident.number),
        as_of=str(max((each.replied_at for each in replies if each.replied_at), default="")),
    )


def _play(file: Evidence, request: FootageRequest, wishes: Mapping[UUID, FootageWish]) -> Act:
    """Return the act that plays a file. It is recorded with the reason of its canvass or clip, which the row shows."""
    wish = wishes.get(file.upload_id)
    reason = wish.reason if wish else request.canvass.reason
    return Act(
        label=_("Play") if file.content_type.startswith("video/") else _("Show"),
        url=reverse("evidence", args=[file.pk]),
        about=file.number,
        sent=("reason", reason),
        note=_("Reason: %(reason)s") % {"reason": reason},
    )


SOURCES = (Source(name="canvasses_replies", permission=Permission.CANVASS, find=work_replies),)


TAB = incident_hooks.IncidentTab(
    url_name="incident_replies",
    label=gettext_lazy("Replies"),
    permission=Permission.VIEW_EVIDENCE,
    place=20,
    new=canvasses.new_replies_of,
)


def register() -> None:
    sources.register(*SOURCES)
    incident_hooks.panels.register(incident_hooks.Panels(name="footage", tabs=[TAB]))
    hooks.understand(files_numbered)
    hooks.name_by("evidence", hooks.field(Evidence.objects.all(), "number"))
    finders.register(FINDER)
    words = gettext_lazy("saw your name, and how to reach you, with file %(number)s that you gave")
    named_with.register(NamedWith("evidence", words))
    agency.register_sections(
        agency.Section(
            url_name="retention",
            title=gettext_lazy("How long footage is kept"),
            text=gettext_lazy("The categories of your records schedule. Each crime or emergency has one."),
            group=agency.Group.REQUESTS,
            place=45,
            words=gettext_lazy("retention, deletion, evidence, records schedule, holds"),
        )
    )


def files_numbered(text: str) -> Iterable[hooks.Meaning]:
    if not numbers.is_number(text):
        return []
    found = Evidence.objects.filter(number=text.upper())
    return [hooks.Meaning(_("File %(number)s") % {"number": each.number}, subjects=(each.subject,)) for each in found]
