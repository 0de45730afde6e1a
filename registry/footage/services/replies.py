from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.log.actors import Actor
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.actors import actor_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.publishing import broker
from registry.canvasses import locks as canvass_locks
from registry.canvasses.models.canvasses import FootageRequest
from registry.footage.models.files import Preview, Upload
from registry.footage.policies import footage
from registry.footage.services.custody import RECEIVE
from registry.footage.states import NOT_GIVEN, UploadState


def give(*, request: FootageRequest, files: Sequence[UUID], by: User | Actor) -> list[Upload]:
    """Give files that have arrived, all of them or none, and return them. Doing it twice has one effect.

    A worker makes evidence of each, and answers the request with the first. Raises NotYours or Stale by request,
    ValidationError on "files" for none, or for other files than the owner looked at.
    """
    actor = actor_of(by)
    with transaction.atomic():
        locked = canvass_locks.with_incident(request)
        footage.may_give(actor, locked)
        rows = Upload.objects.select_for_update(of=("self",), no_key=True).filter(request=locked, pk__in=files)
        chosen = list(rows.order_by("pk"))
        footage.check_chosen(files, chosen)
        for upload in chosen:
            if upload.state in NOT_GIVEN:
                upload.request = locked
                _give(upload, actor)
    return chosen


def _give(upload: Upload, actor: Actor) -> None:
    preview = Preview.objects.filter(upload=upload)
    upload.seconds = preview.values_list("seconds", flat=True).first()
    preview.delete()
    upload.given_at = timezone.now()
    steps.take(upload, UploadState.CHECKING, actor, facts={"bytes": upload.size})
    transaction.on_commit(lambda: broker.offer(upload.pk, task=RECEIVE), robust=True)
