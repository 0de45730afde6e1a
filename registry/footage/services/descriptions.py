from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.actors import actor_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.queries import find_or_refuse
from registry.canvasses import locks as canvass_locks
from registry.footage.models.files import Upload
from registry.footage.policies import footage
from registry.footage.states import EvidenceState


def describe(*, upload: Upload, camera: str, starts_at: datetime | None, by: User | Actor) -> Upload:
    """Record a file's camera ("" for none named) and the start of its recording. Doing it twice has one effect.

    A start outside the window asked for is taken: a recording may run into it. Raises NotYours or Stale by request,
    NotYours for a file that is gone, ValidationError on "camera" and "starts_at".
    """
    actor = actor_of(by)
    with transaction.atomic():
        request = canvass_locks.with_incident(upload.request)
        footage.may_give(actor, request)
        rows = Upload.objects.select_for_update(of=("self",), no_key=True).select_related("evidence")
        there = Q(evidence__isnull=True) | Q(evidence__state=EvidenceState.KEPT)
        own = rows.filter(there, pk=upload.pk, request=request).exclude(state__in=footage.GIVEN_UP)
        locked = find_or_refuse(own, _("There is no such file."), subject=upload.subject)
        evidence = getattr(locked, "evidence", None)
        said = footage.camera_of(request, camera)
        footage.check_start(starts_at)
        if (locked.camera, locked.starts_at) == (said, starts_at):
            return locked
        locked.camera, locked.starts_at = said, starts_at
        locked.save(update_fields=["camera", "starts_at"])
        # Before a file is given the agency reads nothing of it: its owner may still say no (promise R4).
        record(
            event=Event.FILE_DESCRIBED if evidence else Event.UPLOAD_DESCRIBED,
            actor=actor,
            subject=evidence.subject if evidence else locked.subject,
            **request.in_log,
            facts={"starts_at": starts_at.isoformat() if starts_at else "", "camera": str(said.pk) if said else ""},
        )
    return locked
