"""A copy of the whole registry: two administrators, one file, once; and our own import reads it back."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import entries_of_cameras
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from registry.imports import table_storage, tasks
from registry.imports.models import RegistryExport
from registry.imports.services import exports
from registry.imports.states import ExportState
from registry.people.services import registrants
from registry.places.models import Camera, Premises
from registry.places.services import cameras
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, camera_at, person, registrant_at
from tests.peers.queue import handed_over
from tests.registry.imports.exports import REASON, approved, files_of, proposed, ready
from tests.registry.imports.import_files import counts, imported, line, undone

pytestmark = pytest.mark.django_db
Committed = Callable[..., AbstractContextManager[object]]


def registry() -> set[tuple[object, ...]]:
    """Return what the registry holds, without numbers and times of its own."""
    cameras = Camera.objects.select_related("premises__registrant__user")
    return {
        (
            *(place.registrant.user.email, place.registrant.name, place.registrant.phone, place.registrant.kind),
            *(place.street, place.city, place.state, place.zip_code, place.kind, place.precision),
            *(round(place.latitude, 6), round(place.longitude, 6), place.county_fips),
            *(camera.name, camera.kind, camera.make, camera.model, camera.covers),
        )
        for camera in cameras
        if (place := camera.premises)
    }


def emptied() -> None:
    """Take everybody out, as an agency that moves to a fresh portal."""
    for registrant in Registrant.objects.all():
        Premises.objects.filter(registrant=registrant).delete()
        user = registrant.user
        registrant.delete()
        user.delete()


@pytest.mark.parametrize("name", ["registry.csv", "registry.geojson"])
def test_our_own_import_reads_it_back(name: str) -> None:
    first = imported(
        [
            line(1, name="=HYPERLINK(1)", camera="'+quoted", covers="-@street", make="Ñandú"),
            line(1, camera="Garage", key=""),
            line(2, kind="business", place_kind="other", phone="+1 205 555 0117", language="es"),
            line(3, latitude="", longitude="", camera="", cameras="2"),
        ]
    )
    registrant_at(cameras=2)
    before, copy = registry(), files_of(ready())[name]
    undone(first)
    emptied()
    assert registry() == set()
    again = imported(copy)
    assert again.errors == again.there == again.invited == 0
    assert registry() == before
    assert counts(imported(copy)) == (0, 0, again.rows, 0)


def test_no_cell_of_the_csv_is_a_formula() -> None:
    imported([line(1, name="=1+1", camera="@x", phone="+1 205")])
    text = files_of(ready())["registry.csv"].decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    assert "'=1+1" in cells


def test_a_paused_camera_stands_in_the_json_alone() -> None:
    camera = camera_at()
    cameras.pause(camera=camera, by=camera.premises.registrant.user)
    files = files_of(ready())
    assert b"Camera 1" not in files["registry.csv"] + files["registry.geojson"]
    (person_,) = json.loads(files["registry.json"])
    assert [each["paused"] for each in person_["places"][0]["cameras"]] == [True]


def test_each_owner_reads_of_it_in_their_own_log() -> None:
    camera = camera_at()
    export = ready()
    (entry, *_others) = entries_of_cameras([str(camera.pk)])
    assert entry.event == Event.CAMERA_EXPORTED
    assert entry.sentence == "put this camera into a copy of the whole registry"
    assert export.cameras == 1


class TestTwoAdministrators:
    def test_nobody_approves_their_own(self) -> None:
        export = proposed()
        with pytest.raises(Refused, match="Another administrator"):
            exports.approve(export=export, by=export.proposed_by)
        assert not exports.make(pk=export.pk)

    def test_nobody_else_asks_or_approves(self) -> None:
        export = proposed()
        for role in ("deputy", "supervisor", "auditor", "resident"):
            with pytest.raises(Refused):
                exports.propose(reason="We move to another portal.", by=person(role))
            with pytest.raises(Refused):
                exports.approve(export=export, by=person(role))

    @pytest.mark.parametrize(
        ("reason", "sentence"),
        [
            *(
                (said, "Say why the agency needs a copy")
                for said in ("", "n/a", "aaaaaaaaaaaaaaaaaaaaaaaa", "Needed for official business, please")
            ),
            (REASON.ljust(301, "."), "Use at most 300 characters"),
        ],
    )
    def test_a_reason_says_something(self, reason: str, sentence: str) -> None:
        with pytest.raises(ValidationError, match=sentence):
            exports.propose(reason=reason, by=person("administrator"))
        assert not RegistryExport.objects.exists()

    def test_a_reason_may_have_300_characters(self) -> None:
        exports.propose(reason=REASON.ljust(300, "."), by=person("administrator"))


class TestTaking:
    def test_it_is_taken_once_by_the_administrator_who_asked_and_is_gone(
        self, django_capture_on_commit_callbacks: Committed
    ) -> None:
        registrant_at()
        export = ready()
        key = export.key
        with pytest.raises(NotYours):
            exports.take(export=export, by=person("administrator"))
        with (
            django_capture_on_commit_callbacks(execute=True),
            exports.take(export=export, by=export.proposed_by) as file,
        ):
            assert file.read(2) == b"PK"
        assert not table_storage.tables().exists(key)
        with pytest.raises(Stale):
            exports.take(export=export, by=export.proposed_by)

    def test_a_copy_and_a_proposal_end_after_a_day(self, django_capture_on_commit_callbacks: Committed) -> None:
        asked, copy = proposed(), ready()
        with time_machine.travel(timezone.now() + timedelta(hours=23)):
            assert exports.expire_due() == 0
        with (
            time_machine.travel(timezone.now() + timedelta(hours=24)),
            django_capture_on_commit_callbacks(execute=True),
        ):
            assert exports.expire_due() == 2
        assert not table_storage.tables().exists(copy.key)
        ended = RegistryExport.objects.filter(state=ExportState.EXPIRED, ended_at__isnull=False)
        assert set(ended) == {asked, copy}

    def test_it_is_made_anew_without_somebody_who_leaves(self, django_capture_on_commit_callbacks: Committed) -> None:
        leaving, staying = registrant_at(), registrant_at(LINN_PARK)
        export = ready()
        with django_capture_on_commit_callbacks(execute=True):
            registrants.leave(registrant=leaving, by=leaving.user)
        assert not table_storage.tables().exists(export.key)
        assert str(export.pk) in handed_over(exports.MAKER)
        exports.make(pk=export.pk)
        text = files_of(RegistryExport.objects.get(pk=export.pk))["registry.json"].decode()
        assert leaving.reference not in text
        assert staying.reference in text


def test_an_approved_copy_is_made_once(django_capture_on_commit_callbacks: Committed) -> None:
    registrant_at()
    with django_capture_on_commit_callbacks(execute=True):
        export = approved()
    assert str(export.pk) in handed_over(exports.MAKER)
    assert tasks.make_export.name == exports.MAKER
    assert tasks.make_export(str(export.pk))
    assert not tasks.make_export(str(export.pk))
    assert AuditEntry.objects.filter(event=Event.CAMERA_EXPORTED).count() == 1


def test_the_sweep_offers_an_approved_copy_again_and_no_other() -> None:
    proposed()
    ready()
    export = approved()
    assert tasks.take_up_imports() == 1
    assert str(export.pk) in handed_over(exports.MAKER)
