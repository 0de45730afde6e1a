"""Locks of incidents and of questions to join, and the order of all locks.

All locks are taken in one order: incident, canvass, request, file; registrant, premises, camera. A question to join
comes after the account of the person who asked, and its incident. No row's key ever changes, so the locks do not block
foreign keys to the rows (FOR NO KEY UPDATE).
"""

from uuid import UUID

from registry.incidents.models import Incident, JoinQuestion


def incident(pk: UUID) -> Incident:
    return Incident.objects.select_for_update(of=("self",), no_key=True).select_related("type").get(pk=pk)


def join_question(pk: UUID) -> JoinQuestion:
    rows = JoinQuestion.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("incident__type", "asked_by").get(pk=pk)
