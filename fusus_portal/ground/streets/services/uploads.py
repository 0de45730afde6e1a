"""Files that administrators upload: kept, read by a worker, shown, and only then used."""

import csv
import logging
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import DataError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.garbage import uncollected
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.streets import contents, kept_files, locks, progress, street_map
from fusus_portal.ground.streets.home_county import Elsewhere
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.ground.streets.readers import Unreadable, check_kind, open_source
from fusus_portal.ground.streets.services import loads
from fusus_portal.ground.streets.states import LoadState

logger = logging.getLogger(__name__)

READER = "streets.read"
CLEANER = "streets.clear"
WAITS = timedelta(days=7)
"""What nobody puts in use is deleted after this time."""

BROKEN = (ValueError, csv.Error, DataError, zipfile.BadZipFile, zlib.error, RecursionError)
"""What reading a row of a damaged file may raise, far into the file."""


def upload(
    *, uploaded: Sequence[UploadedFile[Any]], by: User, dated: date | None = None, elsewhere: bool = False
) -> StreetData:
    """Keep files, and let a worker read them. Nothing is unpacked here.

    elsewhere: whether another county's data is taken. Raises ValidationError on "uploaded"; then nothing is kept.
    """
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
    """Read the files of a loading and draw its map; return whether this worker did it.

    All of it is one transaction: a worker that is killed leaves nothing, and the next one begins again. What is wrong
    with the files stops the loading, with the sentence that says so, in the language of whoever uploaded them.
    """
    languages = StreetData.objects.filter(pk=pk).values_list("uploaded_by__language", flat=True)
    with override(languages.first() or settings.LANGUAGE_CODE):
        return _read(pk)


def take_up() -> int:
    """Offer loadings that make no progress to the workers again; return how many."""
    waiting = StreetData.objects.filter(state=LoadState.LOADING).exclude(files="").values_list("pk", flat=True)
    return sum(broker.offer(str(pk), task=READER) for pk in waiting if progress.of(pk) is None)


def discard_old() -> int:
    """Let go of loadings that nobody put in use for a week; return how many."""
    late = StreetData.objects.filter(
        state__in=(LoadState.READY, LoadState.FAILED), loaded_at__lt=timezone.now() - WAITS
    )
    return len([loads.discard(data=data, by=task_actor(CLEANER)) for data in late])


def _read(pk: int) -> bool:
    try:
        with transaction.atomic():
            data = locks.hold_unless_held(pk)
            if data is None:
                return False
            _fill(data)
            loads.step(data, LoadState.READY, task_actor(READER))
    except Elsewhere as error:
        anyway = _("To take them anyway, upload them again and tick “Take the data of another county, too”.")
        return _fail(pk, f"{error} {anyway}")
    except Unreadable as error:
        return _fail(pk, str(error))
    except FileNotFoundError:
        return _fail(pk, _("The files are gone. Upload them again."))
    except BROKEN:
        return _fail(pk, _("A part of the files can't be read. Open them, save them anew, and upload them again."))
    finally:
        progress.forget(pk)
    kept_files.delete(data.files)
    return True


@uncollected()
def _fill(data: StreetData) -> None:
    sources = [open_source(path) for path in kept_files.paths(data.files)]
    told = partial(progress.note, data.pk)
    contents.fill(data, sources, elsewhere=data.is_elsewhere, progress=told)
    street_map.draw(data, progress=lambda done, whole: told(_("The map"), done, whole))


def _fail(pk: int, why: str) -> bool:
    """Stop a loading; return whether it waited."""
    with transaction.atomic():
        data = locks.hold_unless_held(pk)
        if data is None:
            return False
        data.why = why[:300]
        data.save(update_fields=["why"])
        loads.step(data, LoadState.FAILED, task_actor(READER))
    logger.warning("The files of streets %s can't be used.", pk)
    kept_files.delete(data.files)
    return True
