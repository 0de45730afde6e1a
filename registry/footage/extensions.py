from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from audit import hooks
from fusus_portal.ground import numbers
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.lookup.finders import Finder, among, among_all, finders
from registry.access_log.hooks import NamedWith, named_with
from registry.canvasses import selectors as canvasses
from registry.footage.models import Evidence
from registry.incidents import hooks as incident_hooks, selectors as incidents

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


TAB = incident_hooks.IncidentTab(
    url_name="incident_replies",
    label=gettext_lazy("Replies"),
    permission=Permission.VIEW_EVIDENCE,
    place=20,
    new=canvasses.new_replies_of,
)


def register() -> None:
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
            place=45,
            label=gettext_lazy("See the categories"),
        )
    )


def files_numbered(text: str) -> Iterable[hooks.Meaning]:
    if not numbers.is_number(text):
        return []
    found = Evidence.objects.filter(number=text.upper())
    return [hooks.Meaning(_("File %(number)s") % {"number": each.number}, subjects=(each.subject,)) for each in found]
