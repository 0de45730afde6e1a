"""Deleting what a person gave, in the transaction by which they leave. What custody needs stays (promise R12)."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F

from audit.actors import Actor
from audit.events import Event
from audit.services import Line, record_many
from registry import followers, outliving, snapshots, storage
from registry.models import (
    Camera,
    Evidence,
    FootageRequest,
    Giver,
    Incident,
    Premises,
    Registrant,
    RequestCamera,
    Upload,
)
from registry.selectors.moving import waiting_only_for
from registry.services import withdrawing
from registry.services.cameras import line_of
from registry.states import ON_THE_WAY, EvidenceState


def erase(*, registrant: Registrant, incidents: Sequence[Incident], actor: Actor) -> None:
    """Delete a locked registration with all that hangs on it.

    incidents: locked ones, every one that this person was asked about. The office is told nothing: what waits is
    withdrawn in silence, and a deputy sees the same numbers as before (promise R4).
    """
    outliving.end_all(registrant, actor=actor)
    for incident in incidents:
        withdrawing.withdraw_waiting(incident=incident, actor=actor, tell=False, registrant=registrant)
    asked = FootageRequest.objects.filter(registrant=registrant)
    requests = list(asked.select_for_update(of=("self",), no_key=True).order_by("pk").select_related("incident__type"))
    _remove_files_not_given(requests, actor)
    for follower in followers.all_followers():
        follower.registration_ends(registrant, actor)
    _take_cameras_out(registrant, requests, actor)
    _keep_givers(registrant, requests)
    asked.update(registrant=None, version=F("version") + 1)
    delete_with_history([registrant.pk])


def end_requests_about(*, premises: Premises, incidents: Sequence[Incident], actor: Actor) -> None:
    """End what waits for a locked place whose owner moves away, while other places stay.

    incidents: locked ones, every one that this person was asked about. Requests that ask about nothing else are
    withdrawn in silence, as in leaving, and files that are not given yet go; the others stay the owner's to answer.
    """
    only_here = waiting_only_for(premises)
    for incident in incidents:
        withdrawing.withdraw_waiting(incident=incident, actor=actor, tell=False, pk__in=only_here)
    requests = FootageRequest.objects.filter(pk__in=only_here).select_related("incident__type")
    _remove_files_not_given(list(requests.order_by("pk")), actor)


def _remove_files_not_given(requests: Sequence[FootageRequest], actor: Actor) -> None:
    for request in requests:
        uploads = list(Upload.objects.select_for_update(of=("self",)).filter(request=request, evidence__isnull=True))
        record_many(
            event=Event.UPLOAD_REMOVED,
            actor=actor,
            lines=[
                Line(upload.subject, facts={"bytes": upload.received})
                for upload in uploads
                if upload.state in ON_THE_WAY
            ],
            incident=str(request.incident_id),
            offence_type=request.incident.type.code,
        )
        Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
        for upload in uploads:
            transaction.on_commit(partial(discard, upload.pk, key=upload.key))


def discard(upload: UUID, *, key: str) -> None:
    """Delete the file of an upload that is gone, from wherever it had got to."""
    storage.discard(upload)
    if key:
        storage.delete(key)


def _take_cameras_out(registrant: Registrant, requests: Sequence[FootageRequest], actor: Actor) -> None:
    registered = Camera.objects.registered().filter(premises__registrant=registrant).select_related("premises")
    record_many(event=Event.CAMERA_REMOVED, actor=actor, lines=[line_of(camera) for camera in registered])
    RequestCamera.objects.filter(request__in=requests).delete()
    for camera in Camera.objects.filter(premises__registrant=registrant).values_list("pk", flat=True):
        transaction.on_commit(partial(snapshots.delete, camera))


def _keep_givers(registrant: Registrant, requests: Sequence[FootageRequest]) -> None:
    kept = Evidence.objects.filter(request__in=requests).exclude(state=EvidenceState.DELETED)
    given = FootageRequest.objects.filter(pk__in=kept.values("request"))
    Giver.objects.bulk_create(
        Giver(request=request, name=registrant.name, reference=registrant.reference) for request in given.distinct()
    )


def delete_with_history(registrants: Sequence[UUID]) -> None:
    """Delete registrations, and then their history: deleting a row writes one more line of it."""
    places = set(Premises.history.filter(registrant_id__in=registrants).values_list("id", flat=True))
    Registrant.objects.filter(pk__in=registrants).delete()
    Camera.history.filter(premises_id__in=places).delete()
    Premises.history.filter(registrant_id__in=registrants).delete()
    Registrant.history.filter(id__in=registrants).delete()
