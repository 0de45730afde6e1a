from audit import hooks as audit_hooks
from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.worklist import sources
from registry import hooks
from registry.hooks import IncidentSection, Panels
from registry.joins import messages, presenters, worklist
from registry.joins.models import JoinQuestion


def register() -> None:
    sources.register(*worklist.SOURCES)
    kinds.register(MessageKind.INCIDENT_JOINED, messages.incident_joined)
    audit_hooks.name_by("join", audit_hooks.field(JoinQuestion.objects.all(), "number"))
    hooks.panels.register(
        Panels(
            name="joins",
            sections=(
                IncidentSection(name="joins", template="registry/joins/section.html", page=presenters.section, place=5),
            ),
        )
    )
