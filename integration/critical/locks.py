"""Locks of declarations: the incident, then its declaration."""

from integration.critical.models import Declaration
from registry.models import Incident
from registry.services import locking


def declaration(declaration: Declaration) -> tuple[Incident, Declaration]:
    """Lock an incident and its declaration, and return both as they are now."""
    incident = locking.incident(declaration.incident_id)
    found = Declaration.objects.select_for_update(of=("self",), no_key=True).get(pk=declaration.pk)
    found.incident = incident
    return incident, found
