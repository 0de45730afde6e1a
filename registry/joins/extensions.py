"""What joining adds: a section of an incident's page, what waits on start pages, a message, the name in the log."""

from django.urls import reverse
from django.utils.translation import gettext as _

from audit import hooks as audit_hooks
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from registry import hooks
from registry.hooks import IncidentSection, Panels, WaitingWork
from registry.joins import messages, presenters, selectors
from registry.joins.models import JoinQuestion


def register() -> None:
    """Add them."""
    kinds.register(MessageKind.INCIDENT_JOINED, messages.incident_joined)
    audit_hooks.name_by("join", audit_hooks.field(JoinQuestion.objects.all(), "number"))
    hooks.panels.register(
        Panels(
            name="joins",
            sections=(
                IncidentSection(name="joins", template="registry/joins/section.html", page=presenters.section, place=5),
            ),
            work=waiting_for,
        )
    )


def waiting_for(user: User) -> list[WaitingWork]:
    """Return the questions that this person may answer, and the incidents that they were let join lately."""
    if not has(user.role, Permission.OPEN_INCIDENT):
        return []
    asked = [
        WaitingWork(
            _("Asks to join"),
            "warn",
            f"{each.number} · {each.asked_by.name}",
            f"{reverse('incident', args=[each.incident_id])}#joins",
        )
        for each in selectors.to_answer(user)
    ]
    joined = [
        WaitingWork(_("You joined"), "good", each.number, reverse("incident", args=[each.incident_id]))
        for each in selectors.own_admitted(user)
    ]
    return [*asked, *joined]
