"""Integration's part of the registry's pages in the console: a section on an incident's page, and what waits."""

from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.access.permissions import Permission, has
from fusus_portal.accounts.models import User
from integration.models import DeclarationKind
from integration.policies import declaring as policy
from integration.presenters import critical
from integration.selectors import declaring as known
from registry import incident_sections, start_waits
from registry.incident_sections import IncidentSection
from registry.policies import why_not
from registry.start_waits import Waiting


def register() -> None:
    """Add them."""
    incident_sections.register(
        IncidentSection(
            name="critical", template="integration/console/critical/section.html", page=critical.section, place=10
        )
    )
    start_waits.register("integration", waiting_for)


def waiting_for(user: User) -> list[Waiting]:
    """Return the declarations that this person may confirm, and the broken glass that they must still justify."""
    overdue = _overdue(user)
    if not has(user.role, Permission.VIEW_LIVE):
        return overdue
    found = []
    for each in known.waits_for(user):
        if why_not(lambda each=each: policy.may_second(user, each, each.incident)):  # type: ignore[misc]
            continue
        glass = each.kind == DeclarationKind.BREAK_GLASS
        name = "glass_confirm" if glass else "declaration_second"
        tag = _("Break the glass") if glass else _("To confirm")
        text = f"{each.incident.number} · {each.incident.type}"
        found.append(Waiting(tag, "warn", text, reverse(name, args=[each.pk])))
    owed = [
        Waiting(_("Say why"), "warn", _text(each.incident.number), reverse("glass_justify", args=[each.pk]))
        for each in known.to_justify(user)
    ]
    return [*found, *owed, *overdue]


def _overdue(user: User) -> list[Waiting]:
    """Auditors and supervisors see the flag until somebody has written why."""
    if not (has(user.role, Permission.AUDIT) or has(user.role, Permission.DECLARE)):
        return []
    sees = has(user.role, Permission.DECLARE)
    return [
        Waiting(
            _("Overdue"),
            "warn",
            _text(each.incident.number),
            reverse("critical", args=[each.incident_id]) if sees else reverse("audit"),
        )
        for each in known.overdue()
    ]


def _text(number: str) -> str:
    return _("Why the glass was broken · %(number)s") % {"number": number}
