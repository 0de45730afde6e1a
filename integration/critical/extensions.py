from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import hooks as audit_hooks
from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist import sources
from integration.critical import presenters, selectors, worklist
from integration.critical.models import Declaration, DeclarationEnd
from integration.critical.services import declarations as declaration_services
from integration.hooks import permission_changed
from integration.live.selectors import gate
from registry import hooks
from registry.hooks import IncidentFollower, IncidentSection, Panels
from registry.incidents.models import Incident

changed = partial(declaration_services.incident_ends, how=DeclarationEnd.CHANGED)
closed = partial(declaration_services.incident_ends, how=DeclarationEnd.CLOSED)


def register() -> None:
    sources.register(*worklist.SOURCES)
    audit_hooks.name_by("declaration", audit_hooks.field(Declaration.objects.all(), "incident__number"))
    hooks.incidents.register(
        IncidentFollower(
            name="critical",
            confirmed=declaration_services.declare_by_type,
            changed=changed,
            closed=closed,
            unassigned=unassigned,
            closing=closing,
        )
    )
    hooks.panels.register(
        Panels(
            name="critical",
            sections=(
                IncidentSection(
                    name="critical", template="integration/critical/section.html", page=presenters.section, place=10
                ),
            ),
            areas=presenters.areas,
            marks=presenters.marks,
        )
    )


def closing(incident: Incident) -> list[str]:
    views = gate.running().filter(incident=incident).count()
    said = []
    if views:
        said.append(
            ngettext("%(views)d live view ends at once.", "%(views)d live views end at once.", views) % {"views": views}
        )
    if selectors.in_force(incident):
        said.append(_("It is not critical any more: no camera can be seen live for it."))
    if selectors.waiting(incident):
        said.append(_("The question whether it is critical, which waits for a second person, is dropped."))
    return said


def unassigned(incident: Incident, user: User, actor: Actor) -> None:
    permission_changed.answer(actor=actor, incident=incident.pk, deputy=user.pk)
