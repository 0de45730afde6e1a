"""Ends of registrations and places, with everything locked, so that nothing arrives meanwhile.

The data of a person is deleted in the transaction by which they leave. Custody keeps its own (promise R12).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import Line, record_many
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from registry.canvasses.models import FootageRequest, RequestCamera
from registry.canvasses.services import requests as request_services
from registry.canvasses.states import UNTOLD
from registry.footage import storage
from registry.footage.models import Evidence, Giver, Upload
from registry.footage.states import ON_THE_WAY, EvidenceState
from registry.incidents.models import Incident
from registry.people import locks
from registry.people.selectors import requests_only_about
from registry.places import hooks, snapshot_files
from registry.places.models import Camera, Premises
from registry.places.services.cameras import line_of
from registry.registrants.models import Registrant

T = TypeVar("T")

TRIES = 3
"""Attempts to leave, since a request may arrive at the same moment."""


def with_all_locked(*, registrant: UUID, by: User, act: Callable[[Registrant, Sequence[Incident]], T]) -> T:
    """Run `act` in one transaction, with the registration and every incident that it was asked about locked.

    Raises NotYours for somebody else's registration, Stale when requests keep arriving at the same moment.
    """
    for _try in range(TRIES):
        with transaction.atomic():
            incidents = locks.incidents_asked_about(registrant)
            locked = locks.leaving_registrant(registrant, by=by)
            asked = FootageRequest.objects.filter(registrant=locked)
            if not asked.exclude(incident__in=incidents).exists():
                return act(locked, incidents)
    subject = ("registrant", str(registrant))
    raise Stale(_("A request reached you just now. Nothing was changed; please try again."), subject=subject)


def erase(*, registrant: Registrant, incidents: Sequence[Incident], actor: Actor) -> None:
    """Delete a locked registration with all data that depends on it.

    incidents: locked, all about which this person was asked. Requests are withdrawn in silence (promise R4).
    """
    hooks.end_all(registrant, actor=actor)
    for incident in incidents:
        request_services.withdraw_waiting(incident=incident, actor=actor, tell=False, registrant=registrant)
    asked = FootageRequest.objects.filter(registrant=registrant)
    requests = list(asked.select_for_update(of=("self",), no_key=True).order_by("pk").select_related("incident__type"))
    _remove_files_not_given(requests, actor)
    for follower in hooks.registrants:
        follower.registration_ends(registrant, actor)
    _take_cameras_out(registrant, requests, actor)
    _keep_givers(registrant, requests)
    asked.update(registrant=None, turned_down_at=None, asked_after_all_at=None, version=F("version") + 1)
    _delete_with_history([registrant.pk])


def end_requests_about(*, premises: Premises, incidents: Sequence[Incident], actor: Actor) -> None:
    """End the requests about a locked place whose owner moves away, but keeps other places.

    incidents: locked, every one about which this person was asked. Requests about no other place are withdrawn in
    silence, as in leaving, with the files that are not given yet; the others stay the owner's to answer.
    """
    only_here = list(requests_only_about(premises).filter(state__in=UNTOLD).values_list("pk", flat=True))
    for incident in incidents:
        request_services.withdraw_waiting(incident=incident, actor=actor, tell=False, pk__in=only_here)
    requests = FootageRequest.objects.filter(pk__in=only_here).select_related("incident__type")
    _remove_files_not_given(list(requests.order_by("pk")), actor)


def _delete_with_history(registrants: Sequence[UUID]) -> None:
    """Delete registrations, and only then their history: deleting a row adds a line to the history."""
    places = set(Premises.history.filter(registrant_id__in=registrants).values_list("id", flat=True))
    Registrant.objects.filter(pk__in=registrants).delete()
    Camera.history.filter(premises_id__in=places).delete()
    Premises.history.filter(registrant_id__in=registrants).delete()
    Registrant.history.filter(id__in=registrants).delete()


def _remove_files_not_given(requests: Sequence[FootageRequest], actor: Actor) -> None:
    for request in requests:
        uploads = list(Upload.objects.select_for_update(of=("self",)).filter(request=request, evidence__isnull=True))
        arriving = [upload for upload in uploads if upload.state in ON_THE_WAY]
        lines = [Line(upload.subject, facts={"bytes": upload.received}) for upload in arriving]
        record_many(event=Event.UPLOAD_REMOVED, actor=actor, lines=lines, **request.incident.in_log)
        Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
        for upload in uploads:
            transaction.on_commit(partial(storage.remove, upload.pk, key=upload.key))


def _take_cameras_out(registrant: Registrant, requests: Sequence[FootageRequest], actor: Actor) -> None:
    registered = Camera.objects.registered().filter(premises__registrant=registrant).select_related("premises")
    record_many(event=Event.CAMERA_REMOVED, actor=actor, lines=[line_of(camera) for camera in registered])
    RequestCamera.objects.filter(request__in=requests).delete()
    for camera in Camera.objects.filter(premises__registrant=registrant).values_list("pk", flat=True):
        transaction.on_commit(partial(snapshot_files.delete, camera))


def _keep_givers(registrant: Registrant, requests: Sequence[FootageRequest]) -> None:
    kept = Evidence.objects.filter(request__in=requests).exclude(state=EvidenceState.DELETED)
    given = FootageRequest.objects.filter(pk__in=kept.values("request"))
    Giver.objects.bulk_create(
        Giver(request=request, name=registrant.name, reference=registrant.reference) for request in given.distinct()
    )
