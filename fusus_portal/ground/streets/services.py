"""Loads of streets and addresses: uploaded, read by a worker, reviewed, put in use; and corrections to addresses."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _, override

from audit.log.actors import AT_THE_SERVER, Actor, Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, actor_of, task_actor
from fusus_portal.ground.geo import counties
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.memory import bounded, uncollected
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.streets import contents, locks, street_map, uploads
from fusus_portal.ground.streets.finder.blocks import street_in_front
from fusus_portal.ground.streets.finder.names import street_name
from fusus_portal.ground.streets.models import CENSUS, AddedAddress, Corner, House, Segment, Site, Street, StreetData
from fusus_portal.ground.streets.policies import check_street
from fusus_portal.ground.streets.readers import Unreadable, check_kind, open_source, read_boundaries
from fusus_portal.ground.streets.readers.rows import Source, shown
from fusus_portal.ground.streets.readers.shapefiles import year_of_boundaries
from fusus_portal.ground.streets.row_writers import STREETS_OF_A_LOADING
from fusus_portal.ground.streets.states import STREETS, LoadState


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address that staff adds. street: with house number. point: the building's; only the street's is stored."""

    street: str
    city: str
    zip_code: str
    point: Point


def add_address(*, address: NewAddress, by: User) -> AddedAddress:
    """Add an address to the load in use and to all later ones. Raises ValidationError on "street", Refused, Stale."""
    number, street = check_street(address.street)
    point = street_in_front(address.point)
    with transaction.atomic():
        demand(by, Permission.ADMINISTER)
        used = locks.hold_used()
        added, is_new = AddedAddress.objects.get_or_create(
            number=number.number,
            letter=number.letter,
            street=street,
            zip_code=address.zip_code[:5],
            defaults={
                "city": address.city.strip(),
                "latitude": point.latitude,
                "longitude": point.longitude,
            },
        )
        if is_new:
            _bring_in_addresses(used[0])
            record(event=Event.ADDRESS_ADDED, actor=by.actor, subject=added.subject)
    return added


def take_out_address(*, added: AddedAddress, by: User) -> None:
    with transaction.atomic():
        demand(by, Permission.ADMINISTER)
        used = locks.hold_used()
        if not AddedAddress.objects.filter(pk=added.pk).delete()[0]:
            return
        for data in used:
            own = House.objects.filter(data=data, latitude=added.latitude, longitude=added.longitude, **_same(added))
            _count_addresses(data, -own.delete()[0])
        record(event=Event.ADDRESS_TAKEN_OUT, actor=by.actor, subject=added.subject)


def _bring_in_addresses(data: StreetData) -> None:
    _count_addresses(data, sum(_bring_in_address(data, added) for added in AddedAddress.objects.order_by("pk")))


def _bring_in_address(data: StreetData, added: AddedAddress) -> bool:
    street = _streets_named(data, added.street).first() or _new_street(data, added.street)
    place = {"city": added.city, "latitude": added.latitude, "longitude": added.longitude}
    _house, is_new = House.objects.get_or_create(data=data, street=street, **_same(added), defaults=place)
    cities = data.cities.setdefault(added.zip_code, [])
    if added.city not in cities:
        cities.append(added.city)
    return is_new


def _same(added: AddedAddress) -> dict[str, int | str]:
    return {"number": added.number, "letter": added.letter, "zip_code": added.zip_code}


def _streets_named(data: StreetData, text: str) -> QuerySet[Street]:
    """Return a load's street for an address, by name or label: an older release may have parsed the name otherwise."""
    name = street_name(text)
    is_same = Q(key=name.key, kind=name.kind, direction=name.direction) | Q(label=text)
    return Street.objects.filter(is_same, data=data).order_by("pk")


def _new_street(data: StreetData, text: str) -> Street:
    name = street_name(text)
    last = Street.objects.filter(data=data).aggregate(last=Max("pk"))["last"]
    return Street.objects.create(
        pk=(last or data.pk * STREETS_OF_A_LOADING - 1) + 1,
        data=data,
        key=name.key[:100],
        base=name.base[:100],
        kind=name.kind,
        direction=name.direction,
        first=name.first,
        label=text,
    )


def _count_addresses(data: StreetData, more: int) -> None:
    """Count addresses added to a load or taken out; the new count makes every process build its index anew."""
    if more:
        data.counts["addresses"] = data.counts.get("addresses", 0) + more
        data.corrections += 1
        data.save(update_fields=["counts", "cities", "corrections"])


TABLES = (Corner.objects, House.objects, Segment.objects, Site.objects, Street.objects)


def load_streets(
    *,
    sources: Sequence[Source],
    dated: date | None = None,
    attribution: str = CENSUS,
    elsewhere: bool = False,
    faults: TextIO | None = None,
    progress: contents.OnProgress = lambda *_told: None,
    by: Actor = AT_THE_SERVER,
) -> StreetData:
    """Load files and draw their map as the load in use; keep the one before. Raises Unreadable: all or nothing."""
    with transaction.atomic():
        data = StreetData.objects.create(dated=dated, attribution=attribution, state=LoadState.READY)
        contents.fill(data, sources, elsewhere=elsewhere, faults=faults, progress=progress)
        street_map.draw_map(data, progress=partial(progress, _("The map")))
        return _put_in_use(data, by)


def use_load(*, data: StreetData, by: User | Actor) -> StreetData:
    with transaction.atomic():
        return _put_in_use(locks.hold_with_used(data.pk)[data.pk], by)


def go_back_to_previous(*, by: User | Actor = AT_THE_SERVER) -> StreetData:
    with transaction.atomic():
        previous = StreetData.objects.filter(state=LoadState.PREVIOUS).order_by("-pk").first()
        if previous is None:
            raise Stale(_("There is nothing to go back to."))
        return _put_in_use(locks.hold_with_used(previous.pk)[previous.pk], by)


def discard_load(*, data: StreetData, by: User | Actor) -> StreetData:
    """Mark an unused load as gone; `delete_gone_loads` deletes it."""
    with transaction.atomic():
        return _step_load(locks.hold(data.pk), LoadState.GONE, by)


def delete_gone_loads() -> int:
    """Delete gone loads with their rows, files and maps, and maps of killed workers; return the number of rows."""
    gone = list(StreetData.objects.filter(state=LoadState.GONE))
    for data in gone:
        uploads.delete_files(data.files)
        street_map.delete_map(data)
    count = sum(rows.filter(data__in=gone).delete()[0] for rows in TABLES) if gone else 0
    StreetData.objects.filter(pk__in=[data.pk for data in gone]).delete()
    street_map.delete_lost_maps()
    return count


def _step_load(data: StreetData, target: LoadState, by: User | Actor) -> StreetData:
    """Take a step of a locked load, with its entry, in the caller's transaction. Raises Refused or Stale."""
    actor = actor_of(by)
    rule = STREETS.check(source=data.state, target=target, role=actor.role, subject=data.subject)
    data.state = target
    data.save(update_fields=["state"])
    record(event=Event(rule.event), actor=actor, subject=data.subject, facts=data.facts)
    return data


def _put_in_use(data: StreetData, by: User | Actor) -> StreetData:
    """Put a locked load in use. The one in use becomes the previous one; another previous one is marked as gone."""
    used = {each.state: each for each in locks.hold_with_used(data.pk).values() if each.pk != data.pk}
    if data.state == LoadState.READY and LoadState.PREVIOUS in used:
        _step_load(used[LoadState.PREVIOUS], LoadState.GONE, by)
    if LoadState.CURRENT in used:
        _step_load(used[LoadState.CURRENT], LoadState.PREVIOUS, by)
    _bring_in_addresses(data)
    return _step_load(data, LoadState.CURRENT, by)


logger = logging.getLogger(__name__)

READER = "streets.read"
CLEANER = "streets.clear"
WAITS = timedelta(days=7)
"""Time until a load that nobody puts in use is deleted."""

MOST_MEMORY = 2 << 30
"""Most bytes of memory to read files and draw their map: a few times what the largest county takes."""

MOST_TRIES = 2
"""Most workers that may begin to read the same files: the cause that killed two would kill the next."""


def upload_files(
    *, uploaded: Sequence[UploadedFile[Any]], by: User, dated: date | None = None, elsewhere: bool = False
) -> StreetData:
    """Store files for a worker, without unpacking any. Raises ValidationError on "uploaded", with no file stored."""
    key = uploads.keep_files(uploaded)
    try:
        for path in uploads.paths_of_files(key):
            check_kind(path)
        with transaction.atomic():
            data = StreetData.objects.create(dated=dated, files=key, uploaded_by=by, is_elsewhere=elsewhere)
            record(event=Event.STREETS_UPLOADED, actor=by.actor, subject=data.subject, facts={"files": len(uploaded)})
            transaction.on_commit(partial(broker.offer, str(data.pk), task=READER), robust=True)
    except Unreadable as unreadable:
        uploads.delete_files(key)
        raise ValidationError({"uploaded": str(unreadable)}) from unreadable
    except BaseException:
        uploads.delete_files(key)
        raise
    return data


def read_upload(*, pk: int) -> bool:
    """Read a load's files and draw its map in one transaction; True if this worker did, or found them unusable."""
    languages = StreetData.objects.filter(pk=pk).values_list("uploaded_by__language", flat=True)
    with override(languages.first() or settings.LANGUAGE_CODE):
        return _read(pk)


def take_up_uploads() -> int:
    waiting = StreetData.objects.filter(state=LoadState.LOADING).exclude(files="").values_list("pk", flat=True)
    return sum(broker.offer(str(pk), task=READER) for pk in waiting if uploads.progress_of(pk) is None)


def discard_old_loads() -> int:
    late = StreetData.objects.filter(
        state__in=(LoadState.READY, LoadState.FAILED), loaded_at__lt=timezone.now() - WAITS
    )
    return len([discard_load(data=data, by=task_actor(CLEANER)) for data in late])


def _read(pk: int) -> bool:
    tries = _begun(pk)
    try:
        return _fail(pk, _too_much()) if tries > MOST_TRIES else bool(tries) and _filled(pk)
    except contents.Elsewhere as error:
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
            uploads.forget_progress(pk)


def _begun(pk: int) -> int:
    """Count this worker's try in its own transaction; return the load's tries, or 0 if another worker reads it."""
    with transaction.atomic():
        data = locks.hold_if_free(pk)
        if data is None or uploads.progress_of(pk):
            return 0
        uploads.note_progress(pk, _("Files"), 0, None)
        data.tries += 1
        data.save(update_fields=["tries"])
    return data.tries


def _filled(pk: int) -> bool:
    with transaction.atomic():
        data = locks.hold_if_free(pk)
        if data is None:
            return False
        with bounded(MOST_MEMORY):
            _fill(data)
        _step_load(data, LoadState.READY, task_actor(READER))
    uploads.delete_files(data.files)
    return True


@uncollected()
def _fill(data: StreetData) -> None:
    sources = [open_source(path) for path in uploads.paths_of_files(data.files)]
    told = partial(uploads.note_progress, data.pk)
    contents.fill(data, sources, elsewhere=data.is_elsewhere, progress=told)
    street_map.draw_map(data, progress=partial(told, _("The map")))


def _too_much() -> str:
    return _(
        "Two workers ended while they read these files, which may take more than a worker has: %(memory)d GB and "
        "%(minutes)d minutes. Upload files with less in them, or load them at the server: manage.py places load."
    ) % {"memory": MOST_MEMORY >> 30, "minutes": settings.CELERY_TASK_TIME_LIMIT // 60}


def _fail(pk: int, why: str) -> bool:
    with transaction.atomic():
        data = locks.hold_if_free(pk)
        if data is None:
            return False
        data.why = shown(why, 299)
        data.save(update_fields=["why"])
        _step_load(data, LoadState.FAILED, task_actor(READER))
    logger.warning("The files of streets %s can't be used.", pk)
    uploads.delete_files(data.files)
    return True


def load_boundaries(*, path: Path, by: Actor = AT_THE_SERVER) -> int:
    """Replace the boundaries of the county and its neighbors; return their number. Raises Unreadable."""
    own, year = counties.own_county(), year_of_boundaries(path)
    if year is None:
        raise Unreadable(f"{path.name} is not named as the Census Bureau does: cb_2025_us_county_500k.zip.")
    outlines = read_boundaries(path, own.fips)
    facts = {"year": year, "counties": len(outlines)}
    with transaction.atomic():
        record(event=Event.BOUNDARIES_LOADED, actor=by, subject=Subject("county", own.fips), facts=facts)
        counties.put(outlines, year=year, source=path.name)
    return len(outlines)
