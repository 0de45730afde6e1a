"""A marker planted in every field of a person is found after they left only where promise R12 allows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.usersessions.models import UserSession
from django.utils import timezone
from psycopg import sql

from audit.log.events import Event
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from registry.canvasses.links import link_actor
from registry.footage import storage
from registry.footage.models import Evidence, Upload
from registry.footage.services import custody, uploads
from registry.people.services import registrants
from registry.people.services.registrants import Reach
from registry.places.camera_fields import DESCRIBED
from registry.places.models import Camera
from registry.places.services import cameras, premises
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from tests.database.clone import Clone
from tests.factories import LINN_PARK, REASON, north_of, person, place_at, registrant_at, request_at
from tests.people import make_person, sign_in
from tests.registry.entries import entries_of
from tests.registry.footage.footage import begun, chosen, given, ready, sent, video
from tests.registry.places.snapshots import picture

MARKER = "quokka7"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
HOLDING = "SELECT count(*) FROM {} t WHERE t::text ILIKE {}"
ALLOWED = {"registry_giver", "registry_evidence", "registry_upload"}
"""Who gave which file: the name of the giver, and the name of the file, once as sent and once as received."""


@pytest.fixture
def superuser(portal_db: Clone) -> Iterator[psycopg.Connection]:
    with portal_db.connect() as connection:
        yield connection


def tables_with_marker(superuser: psycopg.Connection) -> set[str]:
    """Return the tables that hold the marker in any column, as a dump of the database would."""
    tables = [table for (table,) in superuser.execute(TABLES).fetchall()]
    pattern = sql.Literal(f"%{MARKER}%")
    return {
        table
        for table in tables
        if superuser.execute(sql.SQL(HOLDING).format(sql.Identifier(table), pattern)).fetchone() != (0,)
    }


def files_with_marker(root: Path) -> list[Path]:
    """Return the files that hold the marker, in their name or their bytes."""
    found = (path for path in root.rglob("*") if path.is_file())
    return [path for path in found if MARKER in path.name or MARKER.encode() in path.read_bytes()]


def marked_registrant() -> Registrant:
    """Return a person whose every field holds the marker."""
    user = make_person("resident", f"{MARKER}@people.example", name=f"{MARKER} account")
    sign_in(user)
    UserSession.objects.filter(user=user).update(user_agent=f"{MARKER} browser")
    address = Address(f"1 {MARKER} Street", f"{MARKER} City", "AL", "35203")
    texts: dict[str, Any] = {each.name: f"{MARKER} {each.name}"[: each.longest] for each in DESCRIBED if each.longest}
    details = CameraDetails(**texts, facing=45, angle=90, reach_m=30, days_kept=7)
    registrant = registrants.register(
        by=user,
        kind="person",
        name=f"{MARKER} name",
        phone=f"{MARKER} phone",
        language="es",
        place=place_at(LINN_PARK, address=address, name=f"{MARKER} place"),
        cameras=[details, CameraDetails(**texts | {"name": f"{MARKER} removed"})],
        reach=Reach("call", f"{MARKER} contact", f"{MARKER} second", f"{MARKER} hours"),
    )
    cameras.remove(camera=Camera.objects.get(name=f"{MARKER} removed"), by=user)
    camera = Camera.objects.get(name=f"{MARKER} name")
    cameras.change(camera=camera, by=user, details=CameraDetails(name="Door", covers=f"{MARKER} covers"))
    premises.move_pin(premises=camera.premises, by=user, pin=north_of(LINN_PARK, 20))
    cameras.keep_snapshot(camera=camera, by=user, upload=picture())
    second = Address(f"2 {MARKER} Street", f"{MARKER} City", "AL", "35203")
    place = place_at(LINN_PARK, address=second, name=f"{MARKER} second place")
    premises.add(registrant=registrant, by=user, place=place)
    return registrant


def deliver_all() -> None:
    for message in Message.objects.exclude(state="sent"):
        delivery.deliver(pk=message.pk)


class TestTheMarker:
    def test_it_is_left_only_in_the_custody_of_given_footage(
        self, superuser: psycopg.Connection, uploads_root: Path
    ) -> None:
        registrant = marked_registrant()
        request = request_at("footage", registrant=registrant)
        given(request, content=video() + MARKER.encode(), name=f"{MARKER} given.mp4")
        half = video()[:5000] + MARKER.encode()
        arriving = sent(begun(request, content=half + b"more", name=f"{MARKER} arriving.mp4"), half)
        uploads.remove(upload=begun(request, name=f"{MARKER} removed.mp4"), by=link_actor(request))
        request_at("sent", registrant=registrant)
        request_at("declined", registrant=registrant)
        Message.objects.filter(kind=MessageKind.FOOTAGE_REQUEST).update(state="failed", failed_at=timezone.now())
        planted = tables_with_marker(superuser)
        assert planted >= ALLOWED - {"registry_giver"} | {
            "accounts_user",
            "account_emailaddress",
            "usersessions_usersession",
            "notifications_message",
            "registry_registrant",
            "registry_premises",
            "registry_camera",
            "registry_historicalregistrant",
            "registry_historicalpremises",
            "registry_historicalcamera",
        }
        files_before = files_with_marker(uploads_root)
        (snapshot,) = Camera.objects.exclude(snapshot="").values_list("snapshot", flat=True)
        assert (uploads_root / "snapshots" / snapshot).exists()

        registrants.leave(registrant=registrant, by=registrant.user)
        assert tables_with_marker(superuser) == ALLOWED | {"notifications_message"}
        deliver_all()
        assert tables_with_marker(superuser) == ALLOWED
        assert not (uploads_root / "snapshots" / snapshot).parent.exists()
        (kept,) = Evidence.objects.all()
        assert [upload.pk for upload in Upload.objects.all()] == [kept.upload_id]
        gone = set(files_before) - set(files_with_marker(uploads_root))
        assert gone == {storage.arriving(arriving.pk)}

    def test_without_footage_nothing_at_all_is_left(self, superuser: psycopg.Connection) -> None:
        registrant = marked_registrant()
        request_at("none", registrant=registrant)
        registrants.leave(registrant=registrant, by=registrant.user)
        deliver_all()
        assert tables_with_marker(superuser) == set()

    def test_what_was_given_can_still_be_played_and_the_look_is_an_entry(self, portal_db: Clone) -> None:
        registrant, deputy = registrant_at(), person("deputy")
        file = given(request_at("footage", registrant=registrant, by=deputy))
        registrants.leave(registrant=registrant, by=registrant.user)
        file = Evidence.objects.select_related("request__incident__type").get(pk=file.pk)
        ticket = custody.view(evidence=file, by=deputy, reason=REASON)
        assert custody.stream_location(evidence=file, by=deputy, ticket=ticket)
        (entry,) = entries_of(Event.EVIDENCE_VIEWED, file)
        assert entry.camera_id == ""

    def test_a_file_that_is_being_checked_meanwhile_leaves_nothing_on_disk(
        self, portal_db: Clone, uploads_root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        registrant = marked_registrant()
        upload = chosen(ready(request_at("sent", registrant=registrant), content=video() + MARKER.encode()))
        keep = storage.keep

        def leave_first(*arguments: object, **named: str) -> None:
            registrants.leave(registrant=registrant, by=registrant.user)
            keep(*arguments, **named)  # type: ignore[arg-type]

        others = set(files_with_marker(uploads_root)) - {storage.arriving(upload.pk)}
        monkeypatch.setattr(storage, "keep", leave_first)
        monkeypatch.setattr(storage, "discard", lambda upload: None)  # the worker has the file open: it isn't gone yet
        assert custody.receive(upload=upload.pk) is None
        assert not Evidence.objects.exists()
        assert set(files_with_marker(uploads_root)) == others
