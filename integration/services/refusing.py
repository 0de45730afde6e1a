"""The entry of a refused view: it is committed although the act is not."""

from uuid import UUID

from django.db import transaction

from audit.actors import Subject
from audit.events import Event
from audit.selectors import has_refused
from audit.services import record, record_refusal
from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import Refused
from integration.models import DeviceCamera, ViewGrant
from integration.policies.viewing import Decision
from registry.models import Incident


class ViewRefused(Refused):
    """A view that a condition forbids. condition: its name. change: what would change it."""

    def __init__(self, decision: Decision, *, subject: Subject) -> None:
        super().__init__(decision.sentence, subject=subject)
        self.condition = decision.name
        self.change = decision.change


def note(condition: str, *, by: User, view: UUID) -> None:
    """Write down that the page of a view was refused: one entry for each view and condition."""
    if condition == "running":
        # A page asks once more after its view has ended: that view's own entry says so already.
        return
    with transaction.atomic():
        locked = ViewGrant.objects.select_for_update(no_key=True).select_related("incident__type").get(pk=view)
        facts = {"condition": condition}
        if not has_refused(Event.VIEW_REFUSED, subject=locked.subject, facts=facts):
            record(
                event=Event.VIEW_REFUSED,
                actor=by.actor,
                subject=locked.subject,
                incident=str(locked.incident_id),
                offence_type=locked.incident.type.code,
                facts=facts,
                outcome="refused",
            )


def note_before(condition: str, *, by: User, camera: DeviceCamera, incident: Incident) -> None:
    """Write down that somebody was refused a view before it began, once a minute, after the act was rolled back."""
    facts: dict[str, int | str] = {"condition": condition, "incident": str(incident.pk)}
    record_refusal(event=Event.VIEW_REFUSED, actor=by.actor, subject=camera.subject, facts=facts)
