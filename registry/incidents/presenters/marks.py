from collections.abc import Iterable
from uuid import UUID

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages.marks import Mark
from registry import hooks
from registry.incidents.models.incidents import Incident


def of_incidents(shown: Iterable[Incident], user: User) -> dict[UUID, list[Mark]]:
    """Return the marks of visible incidents by id, such as until when one is critical; an empty list for none."""
    listed = list(shown)
    found = [each.marks(listed, user) for each in hooks.panels] if listed else []
    return {incident.pk: [marks[incident.pk] for marks in found if incident.pk in marks] for incident in listed}


def marked(shown: Iterable[Incident], user: User) -> list[Incident]:
    """Set `marks` on visible incidents, for a list that names them, and return them."""
    listed = list(shown)
    marks = of_incidents(listed, user)
    for incident in listed:
        incident.marks = marks[incident.pk]  # type: ignore[attr-defined]
    return listed
