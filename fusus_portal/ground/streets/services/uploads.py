"""Uploads of street files: stored, read by a worker, reviewed, and only then used."""

import logging
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.garbage import uncollected
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.streets import contents, kept_files, locks, memory, progress, street_map
from fusus_portal.ground.streets.home_county import Elsewhere
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import Unreadable, check_kind, open_source
from fusus_portal.ground.streets.readers.rows import shown
from fusus_portal.ground.streets.services import loads
from fusus_portal.ground.streets.states import LoadState

logger = logging.getLogger(__name__)

READER = "streets.read"
CLEANER = "streets.clear"
WAITS = timedelta(days=7)
"""Time until an unused load is deleted."""

MOST_MEMORY = 2 << 30
"""Bytes for reading files and drawing their map: a few times the largest county's."""

MOST_TRIES = 2
"""Workers that may begin to read the same files: whatever killed two would kill the next."""


def upload(
    *, uploaded: Sequence[UploadedFile[Any]], by: User, dated: date | None = None, elsewhere: bool = False
) -> StreetData:
    """Store files for a worker, without unpacking any. Raises ValidationError on "uploaded", with nothing stored."""
    key = kept_files.keep(uploaded)
    try:
        for path in kept_files.paths(key):
            check_kind(path)
        with transaction.atomic():
            data = StreetData.objects.create(dated=dated, files=key, uploaded_by=by, is_elsewhere=elsewhere)
            record(event=Event.STREETS_UPLOADED, actor=by.actor, subject=data.subject, facts={"files": len(uploaded)})
            transaction.on_commit(partial(broker.offer, str(data.pk), task=READER), robust=True)
    except Unreadable as unreadable:
        kept_files.delete(key)
        raise ValidationError({"uploaded": str(unreadable)}) from unreadable
    except BaseException:
        kept_files.delete(key)
        raise
    return data


def read(*, pk: int) -> bool:
    """Read a load's files and draw its map in one transaction; return True if this worker did it."""
    languages = StreetData.objects.filter(pk=pk).values_list("uploaded_by__language", flat=True)
    with override(languages.first() or settings.LANGUAGE_CODE):
        return _read(pk)


def take_up() -> int:
    waiting = StreetData.objects.filter(state=LoadState.LOADING).exclude(files="").values_list("pk", flat=True)
    return sum(broker.offer(str(pk), task=READER) for pk in waiting if progress.of(pk) is None)


def discard_old() -> int:
    late = StreetData.objects.filter(
        state__in=(LoadState.READY, LoadState.FAILED), loaded_at__lt=timezone.now() - WAITS
    )
    return len([loads.discard(data=data, by=task_actor(CLEANER)) for data in late])


def _read(pk: int) -> bool:
    tries = _begun(pk)
    try:
        return _fail(pk, _too_much()) if tries > MOST_TRIES else bool(tries) and _filled(pk)
    except Elsewhere as error:
        anyway = _("To take them anyway, upload them again and tick “Take the data of another county, too”.")
        return _fail(pk, f"{error} {anyway}")
    except Unreadable as error:
        return _fail(pk, str(error))
    except FileNotFoundError:
        return _fail(pk, _("The files are gone. Upload them again."))
    except MemoryError:
        return _fail(pk, _too_much())
    finally:
        if tries:
            progress.forget(pk)


def _begun(pk: int) -> int:
    """Count this worker's try, in its own transaction; return their number, or 0 if another worker is reading."""
    with transaction.atomic():
        data = locks.hold_unless_held(pk)
        if data is None or progress.of(pk):
            return 0
        progress.note(pk, _("Files"), 0, None)
        data.tries += 1
        data.save(update_fields=["tries"])
    return data.tries


def _filled(pk: int) -> bool:
    with transaction.atomic():
        data = locks.hold_unless_held(pk)
        if data is None:
            return False
        with memory.bounded(MOST_MEMORY):
            _fill(data)
        loads.step(data, LoadState.READY, task_actor(READER))
    kept_files.delete(data.files)
    return True


@uncollected()
def _fill(data: StreetData) -> None:
    sources = [open_source(path) for path in kept_files.paths(data.files)]
    told = partial(progress.note, data.pk)
    contents.fill(data, sources, elsewhere=data.is_elsewhere, progress=told)
    street_map.draw(data, progress=partial(told, _("The map")))


def _too_much() -> str:
    return _(
        "Two workers ended while they read these files, which may take more than a worker has: %(memory)d GB and "
        "%(minutes)d minutes. Upload files with less in them, or load them at the server: manage.py places load."
    ) % {"memory": MOST_MEMORY >> 30, "minutes": settings.CELERY_TASK_TIME_LIMIT // 60}


def _fail(pk: int, why: str) -> bool:
    with transaction.atomic():
        data = locks.hold_unless_held(pk)
        if data is None:
            return False
        data.why = shown(why, 299)
        data.save(update_fields=["why"])
        loads.step(data, LoadState.FAILED, task_actor(READER))
    logger.warning("The files of streets %s can't be used.", pk)
    kept_files.delete(data.files)
    return True
