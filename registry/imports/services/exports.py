"""A copy of the whole registry, for an agency that leaves: two administrators, one file, one download within a day.

No other act shows so many homes at once. So it takes two people and a reason, as a change of roles does, and each owner
reads in their own log that their cameras were in a copy.
"""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record, record_many
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts import policies as accounts
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.accounts.services import accounts as account_services
from fusus_portal.ground.geo.points import FINDABLE
from fusus_portal.ground.lifecycle import NotYours, Refused, check_length
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.tables import BYTE_ORDER_MARK, as_csv
from registry.imports import selectors, table_storage
from registry.imports.models import RegistryExport
from registry.imports.parser.columns import OF_CAMERA, Field
from registry.imports.states import ExportState
from registry.incidents.policies.reasons import says_why
from registry.limits.models import Limits
from registry.places.camera_fields import NAMES
from registry.places.models import ADDRESS, Camera, Premises
from registry.places.services.cameras import line_of
from registry.rules import EXPORT_WAITS

MAKER = "registry.make_export"
EXPIRER = "registry.expire_exports"
LONGEST_REASON = 300


def propose(*, reason: str, by: User) -> RegistryExport:
    """Ask for a copy of the registry. Raises ValidationError on "reason", Refused for anyone but administrators."""
    _may_ask(by)
    tidy = " ".join(reason.split())
    check_length(tidy, most=LONGEST_REASON, field="reason")
    if not says_why(tidy, limits=Limits.current()):
        raise ValidationError({"reason": _("Say why the agency needs a copy of the whole registry.")})
    with transaction.atomic():
        export = RegistryExport.objects.create(reason=tidy, proposed_by=by)
        record(event=Event.EXPORT_PROPOSED, actor=by.actor, subject=export.subject, reason=tidy)
    return export


def approve(*, export: RegistryExport, by: User) -> RegistryExport:
    """Approve a copy as the second administrator; a worker makes the file. Raises Refused for the asker, Stale."""
    with transaction.atomic():
        asker = account_services.hold_asker(export.proposed_by_id)
        locked = _locked(export.pk)
        steps.check(locked, ExportState.APPROVED, by)
        accounts.must_have_valid_asker(asker, _may_ask, subject=locked.subject)
        if locked.proposed_by_id == by.pk:
            raise Refused(_("You asked for it yourself. Another administrator approves it."), subject=locked.subject)
        locked.approved_by, locked.approved_at = by, timezone.now()
        steps.take(locked, ExportState.APPROVED, by)
        transaction.on_commit(partial(broker.offer, locked.pk, task=MAKER), robust=True)
    return locked


def cancel(*, export: RegistryExport, by: User) -> RegistryExport:
    """Cancel the proposal of a copy. Either administrator may."""
    with transaction.atomic():
        locked = _locked(export.pk)
        locked.ended_at = timezone.now()
        return steps.take(locked, ExportState.CANCELLED, by)


def make(*, pk: UUID) -> bool:
    """Write the file of an approved copy; False if none is due. An entry for every camera in it is committed first.

    A killed worker leaves a file that no row names, which the daily cleanup deletes.
    """
    if not RegistryExport.objects.filter(pk=pk, state=ExportState.APPROVED).exists():
        return False
    with TemporaryFile() as file, transaction.atomic():
        locked, maker = _locked(pk), task_actor(MAKER)
        steps.check(locked, ExportState.READY, maker)
        cameras = _write_archive(file, selectors.all_places())
        approver = locked.approved_by
        if approver is None:
            raise Refused(_("This copy has no second administrator."), subject=locked.subject)
        record_many(event=Event.CAMERA_EXPORTED, actor=approver.actor, lines=[line_of(each) for each in cameras])
        locked.cameras, locked.ready_at = len(cameras), timezone.now()
        locked.key = table_storage.keep(file)
        steps.take(locked, ExportState.READY, maker)
    return True


def take(*, export: RegistryExport, by: User) -> BinaryIO:
    """Hand a copy's file to the administrator who asked for it, once, and delete it. Raises NotYours for others."""
    if export.proposed_by_id != by.pk:
        raise NotYours(_("There is no such copy of the registry."), subject=export.subject)
    with transaction.atomic():
        locked = _locked(export.pk)
        key = locked.key
        _end(locked, ExportState.TAKEN, by)
        return _copy(key)


def make_again(*, actor: Actor) -> None:
    """Have the copies that wait for their download made again, without a person who leaves."""
    waiting = RegistryExport.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    for export in list(waiting.filter(state__in=[ExportState.APPROVED, ExportState.READY])):
        if export.state == ExportState.READY:
            transaction.on_commit(partial(table_storage.delete, export.key))
            export.key, export.ready_at = "", None
            steps.take(export, ExportState.APPROVED, actor)
            transaction.on_commit(partial(broker.offer, export.pk, task=MAKER), robust=True)


def expire_due() -> int:
    """End proposals without an approval and copies without a download after a day; return how many."""
    late = timezone.now() - EXPORT_WAITS
    old = RegistryExport.objects.filter(state=ExportState.PROPOSED, proposed_at__lte=late)
    untaken = RegistryExport.objects.filter(state=ExportState.READY, ready_at__lte=late)
    due = [*old.values_list("pk", flat=True), *untaken.values_list("pk", flat=True)]
    for pk in due:
        with transaction.atomic():
            _end(_locked(pk), ExportState.EXPIRED, task_actor(EXPIRER))
    return len(due)


def _may_ask(by: User) -> None:
    demand(by, Permission.ADMINISTER)


def _locked(pk: UUID) -> RegistryExport:
    return RegistryExport.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _end(export: RegistryExport, target: ExportState, by: User | Actor) -> None:
    transaction.on_commit(partial(table_storage.delete, export.key))
    export.key, export.ended_at = "", timezone.now()
    steps.take(export, target, by)


def _copy(key: str) -> BinaryIO:
    with table_storage.open_table(key) as file:
        copy = TemporaryFile()  # noqa: SIM115  (the answer closes it)
        copyfileobj(file, copy)
    copy.seek(0)
    return copy


OWN_SOURCE = "Registered on the portal"
"""Source of consent of people who registered on the portal. Its day is the day of registration."""

OF_PERSON = ("name", "email", "phone", "kind", "language")

OF_BUSINESS = ("contact_way", "contact_person", "second_phone", "hours")
"""Fields that only the JSON file of a copy has. Only that file has paused cameras, too."""

ExportLine = dict[str, str | int | float]


def _write_archive(file: BinaryIO, places: Iterable[Premises]) -> list[Camera]:
    """Write the ZIP of a copy with these places; return the cameras in it, each with its premises.

    places: with `registrant__user`, `registrant__imported` and `cameras` loaded.
    """
    cameras: list[Camera] = []
    lines: list[ExportLine] = []
    registrations: dict[str, dict[str, Any]] = {}
    for place in places:
        own = list(place.cameras.all())
        for camera in own:
            camera.premises = place
        cameras.extend(own)
        lines.extend(_lines(place, [camera for camera in own if camera.paused_at is None]))
        _add_registration(registrations, place, own)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("registry.csv", BYTE_ORDER_MARK + _csv(lines))
        archive.writestr("registry.geojson", json.dumps(_features(lines), ensure_ascii=False))
        archive.writestr("registry.json", json.dumps(list(registrations.values()), ensure_ascii=False, indent=1))
    return cameras


def _lines(place: Premises, cameras: list[Camera]) -> Iterator[ExportLine]:
    shared = _shared(place)
    for camera in cameras:
        yield {
            **shared,
            **{column.value: getattr(camera, name) for name, column in OF_CAMERA.items()},
            Field.CAMERAS.value: 1,
        }
    if not cameras:
        yield {**shared, **{column.value: "" for column in OF_CAMERA.values()}, Field.CAMERAS.value: 0}


def _shared(place: Premises) -> ExportLine:
    """Return the columns that all cameras of a place share, without a point that is only the middle of a ZIP code."""
    registrant = place.registrant
    exact = place.precision in FINDABLE
    imported = getattr(registrant, "imported", None)
    since = timezone.localtime(registrant.registered_at).date()
    return {
        **{name: getattr(registrant, name) for name in OF_PERSON},
        **{name: getattr(place, name) for name in ADDRESS},
        Field.PLACE_KIND.value: place.kind,
        Field.LATITUDE.value: place.latitude if exact else "",
        Field.LONGITUDE.value: place.longitude if exact else "",
        Field.CONSENT_DATE.value: str(imported.consent_on if imported else since),
        Field.CONSENT_SOURCE.value: imported.consent_source if imported else OWN_SOURCE,
    }


def _csv(lines: list[ExportLine]) -> str:
    columns = [field.value for field in Field if field != Field.KEY]
    rows = ({column: line[column] for column in columns} for line in lines)
    return as_csv(rows) or ",".join(columns) + "\r\n"


def _features(lines: list[ExportLine]) -> dict[str, Any]:
    place = (Field.LONGITUDE.value, Field.LATITUDE.value)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [line[name] for name in place]}
            if line[place[0]] != ""
            else None,
            "properties": {name: value for name, value in line.items() if name not in place},
        }
        for line in lines
    ]
    return {"type": "FeatureCollection", "features": features}


def _add_registration(registrations: dict[str, dict[str, Any]], place: Premises, cameras: list[Camera]) -> None:
    shared = _shared(place)
    person = registrations.setdefault(
        str(place.registrant_id),
        {
            "registration": place.registrant.reference,
            **{name: getattr(place.registrant, name) for name in OF_BUSINESS},
            **{name: shared[name] for name in (*OF_PERSON, Field.CONSENT_DATE.value, Field.CONSENT_SOURCE.value)},
            "places": [],
        },
    )
    rest = {name: value for name, value in shared.items() if name not in person}
    own = [
        {**{name: getattr(camera, name) for name in NAMES}, "paused": camera.paused_at is not None}
        for camera in cameras
    ]
    person["places"].append({"name": place.name, **rest, "precision": place.precision, "cameras": own})
