"""Entries of the log as sentences, for people who work on an incident and for owners of what was looked at."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from audit.ledger.receipts import Seal
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages import components as pages
from registry.access_log.presenters.looks import Look, checkable_sentence, grouped_looks, looks_of, opening_sentence
from registry.access_log.selectors import Withheld
from registry.incidents.presenters import incidents
from registry.incidents.selectors import StoryNames
from registry.people.presenters import own_record
from registry.people.selectors import Version
from registry.places.camera_fields import NAMES
from registry.places.models import Camera

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
SECOND = timedelta(seconds=1)
CANVASS = UUID(int=7)
ABOUT_CANVASS = {"subject_kind": "canvass", "subject_id": str(CANVASS)}
KNOWN = StoryNames(people={"p": "Ana Rivera"}, requests={"r": ("R-7", CANVASS)}, evidence={"e": "E-7"})
READER = User(pseudonym="")


def entry(event: str = "registry:camera:show", **columns: Any) -> AuditEntry:
    """Return an entry that is not saved."""
    usual = {"at": NOW, "actor_kind": "user", "actor_id": "a", "actor_pseudonym": "Deputy K7", "facts": {}}
    return AuditEntry(event=event, **{**usual, **columns})


@pytest.mark.parametrize(
    ("columns", "who", "to_owners"),
    [
        ({}, "Deputy K7", "Deputy K7"),
        ({"actor_pseudonym": ""}, "An owner", "The owner"),
        ({"actor_kind": "task"}, "The portal", "The portal"),
        ({"actor_kind": "device"}, "Dispatch", "Deputy K7"),
        ({"actor_kind": "link", "actor_pseudonym": ""}, "An owner", "An owner"),
    ],
)
def test_who_did_it(columns: dict[str, Any], who: str, to_owners: str) -> None:
    assert incidents._who(entry(**columns)) == who
    assert pages._who(entry(**columns)) == to_owners


@pytest.mark.parametrize(
    ("columns", "url", "about"),
    [
        (ABOUT_CANVASS, f"/{CANVASS}/", ""),
        (
            {**ABOUT_CANVASS, "event": Event.CANVASS_SENT, "facts": {"owners": 2}},
            f"/{CANVASS}/",
            "2 owners asked",
        ),
        ({"subject_kind": "request", "subject_id": "r"}, f"/{CANVASS}/", "R-7"),
        ({"subject_kind": "request", "subject_id": "gone"}, "", ""),
        ({"subject_kind": "evidence", "subject_id": str(CANVASS)}, "", ""),
        ({"facts": {"person": "p"}}, "", "Ana Rivera"),
        ({"facts": {"person": "gone"}}, "", ""),
        ({"facts": {"changed": "type, window"}}, "", "type, time"),
        (
            {"facts": {"changed": "place", "verification": "taken back"}},
            "",
            "place; it must be verified again",
        ),
        ({"facts": {"flag": "unverified"}}, "", "Nobody verified it in 24 hours."),
        ({"facts": {"flag": "other"}}, "", ""),
        ({}, "", ""),
    ],
)
def test_what_it_is_about(columns: dict[str, Any], url: str, about: str) -> None:
    said, leads_to = incidents._about(entry(**columns), KNOWN)
    assert leads_to.endswith(url)
    assert bool(leads_to) is bool(url)
    assert said == about


def test_a_file_is_named_and_linked_while_it_is_known() -> None:
    known = StoryNames({}, {}, {str(CANVASS): "E-7"})
    number, url = incidents._about(entry(subject_kind="evidence", subject_id=str(CANVASS)), known)
    assert (url.endswith(f"/{CANVASS}/"), number) == (True, "E-7")


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ({"camera_id": "c"}, {"camera_id": "d"}, True),
        ({"facts": {"left_out": 1}}, {"facts": {"left_out": 1}}, True),
        ({}, {}, False),
        ({"camera_id": "c"}, {"camera_id": "d", "at": NOW - 2 * SECOND}, False),
        ({"camera_id": "c"}, {"camera_id": "d", "at": NOW + 2 * SECOND}, False),
        ({"camera_id": "c"}, {"camera_id": "d", "at": NOW - 1.9 * SECOND}, True),
        ({"camera_id": "c"}, {"camera_id": "d", "at": NOW + 1.9 * SECOND}, True),
        ({"camera_id": "c"}, {"camera_id": "d", "actor_id": "b"}, False),
    ],
)
def test_cameras_of_one_act_are_one_line(one: dict[str, Any], other: dict[str, Any], is_one: bool) -> None:
    assert len(list(incidents._acts([entry(**one), entry(**other)]))) == 2 - is_one


def test_a_view_of_many_minutes_is_one_line_to_its_owner() -> None:
    minutes = [entry(Event.VIEW_WATCHED, camera_id="c", facts={"view": "v"}, id=number) for number in range(3)]
    other = [
        entry(Event.VIEW_WATCHED, camera_id="c", facts={"view": "w"}, id=8),
        entry(Event.CAMERA_SHOWN, camera_id="c", facts={"view": "v"}, id=9),
    ]
    entries = [*minutes, *other]
    looks = [Look(each.pk, "Dock", "c", NOW, "Deputy K7", "looked") for each in entries]
    assert [(look.number, look.lasted, len(look.parts)) for look in grouped_looks(entries, looks)] == [
        (0, "for up to 3 minutes", 3),
        (8, "", 0),
        (9, "", 0),
    ]
    closed = [Look(each.pk, "Dock", "c", NOW, "Opens later", "", is_open=False) for each in minutes]
    assert len(grouped_looks(minutes, closed)) == 3


@pytest.mark.parametrize(
    ("columns", "who"),
    [
        ({}, "Deputy K7"),
        ({"actor_kind": "link"}, "You"),
        ({"actor_id": str(READER.pk)}, "You"),
        ({"actor_pseudonym": "", "actor_role": "business"}, "Business"),
        ({"actor_pseudonym": "", "actor_role": ""}, "The portal itself"),
        ({"actor_kind": "device", "actor_pseudonym": "", "actor_role": "device"}, "Your CORE"),
    ],
)
def test_an_owner_reads_who_looked(columns: dict[str, Any], who: str) -> None:
    [look] = looks_of([entry(**columns)], cameras=[], reader=READER, withheld=Withheld())
    assert look.who == who


def test_what_is_withheld_says_camera_and_time_alone() -> None:
    camera, incident = Camera(name="Dock"), str(uuid4())
    hidden = entry(camera_id=str(camera.pk), incident_id=incident)
    [look] = looks_of([hidden], cameras=[camera], reader=READER, withheld=Withheld({incident: NOW}))
    assert (look.camera, look.who, look.is_open, look.incident, look.reason) == ("Dock", "Opens later", False, "", "")
    assert look.sentence == "You can read what this entry says from June 15, 2026, noon CDT on."
    assert look.checkable == "Its receipt opens at the same time."
    [look] = looks_of([hidden], cameras=[camera], reader=READER, withheld=Withheld(unknown=True))
    assert look.sentence == opening_sentence(None) != ""
    [look] = looks_of([entry()], cameras=[], reader=READER, withheld=Withheld({incident: NOW}, unknown=True))
    assert look.is_open


def test_playing_a_file_can_take_ten_minutes() -> None:
    played, shown = looks_of([entry(Event.EVIDENCE_VIEWED), entry()], cameras=[], reader=READER, withheld=Withheld())
    assert (played.lasted, shown.lasted) == ("up to 10 minutes", "")


def test_what_is_public_can_be_checked_by_anyone() -> None:
    assert checkable_sentence(Seal(0, NOW, is_public=True)) == "Anyone can check this."
    assert checkable_sentence(Seal(0, NOW, is_public=False)) != "Anyone can check this."
    assert checkable_sentence(None) != "Anyone can check this."


def row(**columns: Any) -> SimpleNamespace:
    """Return one version of a row. removed_at, paused_at, snapshot_at: None unless said."""
    usual = {"history_user_id": None, "history_user": None, "removed_at": None, "paused_at": None, "snapshot_at": None}
    place = {"street": "1 Oak Street", "city": "Birmingham", "state": "AL", "zip_code": "35203"}
    point = {"latitude": 33.5, "longitude": -86.8}
    words = dict.fromkeys(NAMES, "")
    return SimpleNamespace(**{**usual, **place, **point, **words, "name": "Dock", **columns})


@pytest.mark.parametrize(
    ("thing", "now", "before", "said"),
    [
        ("registrant", {}, None, "Registered"),
        ("registrant", {}, {}, "Contact details changed"),
        ("place", {}, None, "Place added: Dock"),
        ("place", {"name": ""}, None, "Place added: 1 Oak Street"),
        ("camera", {}, None, "Camera added: Dock"),
        ("place", {"removed_at": NOW}, {}, "Place removed, with its cameras"),
        ("camera", {"removed_at": NOW}, {}, "Camera removed: Dock"),
        ("camera", {"removed_at": NOW, "covers": "x"}, {"removed_at": NOW}, "Camera changed: Dock"),
        ("camera", {"paused_at": NOW}, {}, "Camera paused: Dock"),
        ("camera", {}, {"paused_at": NOW}, "Pause ended: Dock"),
        ("camera", {"snapshot_at": NOW}, {}, "Picture added: Dock"),
        ("camera", {}, {"snapshot_at": NOW}, "Picture removed: Dock"),
        ("camera", {"covers": "the door"}, {}, "Camera changed: Dock"),
        ("place", {"street": "2 Elm Street"}, {}, "New address: 2 Elm Street"),
        ("place", {"latitude": 33.6}, {}, "Pin moved: Dock"),
        ("place", {"longitude": -86.9}, {}, "Pin moved: Dock"),
        ("place", {"name": "Yard"}, {}, "Place changed: Yard"),
    ],
)
def test_an_owner_reads_what_changed(thing: str, now: dict[str, Any], before: dict[str, Any] | None, said: str) -> None:
    version = Version(thing, NOW, row(**now), None if before is None else row(**before))
    assert own_record._sentence(version) == said


@pytest.mark.parametrize(
    ("user", "who"),
    [
        (READER, "You"),
        (None, "The portal itself"),
        (User(pseudonym="Clerk K7"), "The office, Clerk K7"),
        (User(), "The office"),
    ],
)
def test_an_owner_reads_who_changed_it(user: User | None, who: str) -> None:
    assert own_record._who(row(history_user=user, history_user_id=user and user.pk), READER) == who


def test_each_field_that_changed_is_read_as_it_was_and_as_it_became() -> None:
    changed = {"facing": 90, "covers": "", "kind": "doorbell"}
    version = Version("camera", NOW, row(**changed), row(covers="the door"))
    assert own_record._changes(version) == [
        ("Kind", "nothing", "doorbell"),
        ("What it looks at", "the door", "nothing"),
        ("Faces", "nothing", "east (90°)"),
    ]
    moved = Version("place", NOW, row(street="2 Elm Street", kind="home"), row(kind="business"))
    assert [field for field, _was, _became in own_record._changes(moved)] == ["Kind of place", "Address"]
    assert own_record._changes(moved)[0][1] == "Business"
    assert own_record._changes(Version("camera", NOW, row(), None)) == []
    assert own_record._changes(Version("camera", NOW, row(removed_at=NOW, covers="x"), row())) == []
