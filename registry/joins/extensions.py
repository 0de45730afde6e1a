from audit import hooks as audit_hooks
from fusus_portal.ground.worklist import sources
from registry import hooks
from registry.hooks import IncidentSection, Panels
from registry.joins import presenters, worklist
from registry.joins.models import JoinQuestion


def register() -> None:
    sources.register(*worklist.SOURCES)
    audit_hooks.name_by("join", audit_hooks.field(JoinQuestion.objects.all(), "number"))
    hooks.panels.register(
        Panels(
            name="joins",
            sections=(
                IncidentSection(name="joins", template="registry/joins/section.html", page=presenters.section, place=5),
            ),
        )
    )
