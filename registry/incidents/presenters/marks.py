"""The marks of incidents in lists, such as until when one is critical."""

from collections.abc import Iterable
from uuid import UUID

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages.marks import Mark
from registry import hooks
from registry.incidents.models.incidents import Incident


def of_incidents(shown: Iterable[Incident], user: User) -> dict[UUID, list[Mark]]:
    """Return the marks of incidents that this person may see, by id; an empty list for one that has none."""
    listed = list(shown)
    found = [each.marks(listed, user) for each in hooks.panels] if listed else []
    return {incident.pk: [marks[incident.pk] for marks in found if incident.pk in marks] for incident in listed}


def marked(shown: Iterable[Incident], user: User) -> list[Incident]:
    """Return incidents that this person may see, each with its `marks` for the list in which it is named."""
    listed = list(shown)
    marks = of_incidents(listed, user)
    for incident in listed:
        incident.marks = marks[incident.pk]  # type: ignore[attr-defined]
    return listed
