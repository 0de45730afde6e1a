"""Sentences about a CORE for clerks and owners: its health, its facts, its state and its history."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from integration.cores import hooks
from integration.cores.models import Core, CoreModel, DeviceCamera
from integration.cores.presenters import (
    DeviceCard,
    clock_drift,
    core_actions,
    core_facts,
    health_facts,
    recording_length,
    story_line,
    tag_kind,
)
from integration.cores.states import CoreState
from integration.rules import OFFLINE_AFTER
from registry.places.models import Premises
from registry.registrants.models import Registrant
from tests.unsaved import beside

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
PLACE = Premises(street="1 Oak Street", city="Birmingham", state="AL", zip_code="35203")
CLERK = User(role="clerk")


def core_of(**columns: Any) -> Core:
    """Return a CORE that is not saved."""
    model = CoreModel(name="FC4", cameras_supported=4)
    core = Core(**{"serial": "FC4-1", "model": model, "received_at": NOW, "state": "active", **columns})
    return beside(core, cameras=[])


def names(rows: list[tuple[str, Any]]) -> list[str]:
    return [name for name, _value in rows]


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (1_999, "on time"),
        (-1_999, "on time"),
        (2_000, "2 seconds ahead"),
        (-2_000, "2 seconds behind"),
        (-2_999, "2 seconds behind"),
    ],
)
def test_a_clock_is_right_within_two_seconds(milliseconds: int, said: str) -> None:
    assert clock_drift(milliseconds) == said


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "keeps no recording"), (1, "the last minute"), (2, "the last 2 minutes")]
)
def test_how_much_it_keeps(minutes: int, said: str) -> None:
    assert said in recording_length(minutes)


def test_what_it_has_not_reported_is_not_told() -> None:
    assert health_facts(core_of()) == []
    assert health_facts(core_of(seen_at=NOW, disk_free=1)) == []
    assert health_facts(core_of(disk_size=1)) == []
    whole = core_of(
        activated_at=NOW, seen_at=NOW, firmware="1.2", clock_drift_ms=0, disk_free=1, disk_size=2, recorded_minutes=0
    )
    assert names(health_facts(whole)) == ["Activated", "Last contact", "Firmware", "Clock", "Disk", "Recording"]
    assert names(health_facts(core_of(activated_at=NOW))) == ["Activated"]


def test_a_clerk_reads_whose_it_is_and_what_it_stands_for() -> None:
    assert names(core_facts(core_of())) == ["Kind", "Connects", "Received"]
    core = core_of(
        registrant=Registrant(name="Acme", reference="R-7"),
        premises=PLACE,
        replaces=core_of(serial="FC4-0"),
        certificate="W-9",
    )
    core.replaced_by = core_of(serial="FC4-2")
    assert core_facts(core)[3:] == [
        ("Business", "Acme · R-7"),
        ("Place", str(PLACE.address)),
        ("In the place of", "FC4-0"),
        ("Replaced by", "FC4-2"),
        ("Certificate of its last wiping", "W-9"),
    ]


@pytest.mark.parametrize(
    ("kind", "pseudonym", "who"),
    [
        ("device", "", "The CORE"),
        ("task", "", "The CORE"),
        ("user", "Clerk K7", "Clerk K7"),
        ("user", "", "The owner"),
    ],
)
def test_who_did_it(kind: str, pseudonym: str, who: str) -> None:
    entry = AuditEntry(at=NOW, event="integration:core:ship", actor_kind=kind, actor_pseudonym=pseudonym)
    assert story_line(entry).text == f"{who} {entry.sentence}"


@pytest.mark.parametrize(
    ("state", "usable"),
    [
        ("in_stock", {"allocate", "retire"}),
        ("allocated", {"code", "ship", "take-back"}),
        ("shipped", {"code", "return"}),
        ("active", {"suspend", "return", "revoke", "replace", "place"}),
        ("suspended", {"resume", "return", "revoke", "replace", "place"}),
        ("returning", {"wipe"}),
        ("wiped", {"restock", "retire"}),
        ("retired", set()),
    ],
)
def test_what_a_clerk_can_do_at_each_state(state: str, usable: set[str]) -> None:
    found = core_actions(core_of(state=state), CLERK)
    assert {action.name for action in found if not action.reason} == usable
    assert [bool(action.reason) for action in found] == sorted(bool(action.reason) for action in found)


@pytest.mark.parametrize(
    ("columns", "is_offline"),
    [
        ({"seen_at": NOW - OFFLINE_AFTER}, True),
        ({"seen_at": NOW - OFFLINE_AFTER + SECOND}, False),
        ({"received_at": NOW - OFFLINE_AFTER}, True),
        ({"received_at": NOW - OFFLINE_AFTER + SECOND}, False),
        ({"seen_at": NOW, "received_at": NOW - 9 * HOUR}, False),
        ({"seen_at": NOW - 9 * HOUR, "state": "suspended"}, False),
    ],
)
def test_one_that_is_not_heard_of_is_offline(columns: dict[str, Any], is_offline: bool) -> None:
    with time_machine.travel(NOW, tick=False):
        card = DeviceCard(core_of(**columns))
        assert card.is_offline is is_offline
        assert ("Offline" in card.words) is is_offline
        assert (card.tag[1] == "Offline") is is_offline


@pytest.mark.parametrize("state", CoreState)
def test_what_its_owner_can_do(state: CoreState) -> None:
    card = DeviceCard(core_of(state=state, seen_at=timezone.now()))
    assert card.can_be_placed is (state in ("active", "suspended"))
    assert card.can_connect is (state == "active")
    assert bool(card.words) is (state not in ("in_stock", "wiped", "retired"))
    assert (card.tag[0], tag_kind(card.core)) == {
        "active": ("good", "good"),
        "suspended": ("bad", "bad"),
        "returning": ("quiet", "warn"),
        "wiped": ("quiet", "warn"),
    }.get(str(state), ("quiet", "quiet"))


@pytest.mark.parametrize("state", CoreState)
def test_only_one_that_is_suspended_says_why(state: CoreState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "why_stopped", lambda _core: "Nobody has paid.")
    card = DeviceCard(core_of(state=state, seen_at=timezone.now()))
    assert (card.words == "Nobody has paid.") is (state == "suspended")


def test_where_it_stands_and_what_is_behind_it() -> None:
    named = Premises(name="Warehouse", street="1 Oak Street")
    assert [DeviceCard(core_of(premises=place)).place for place in (None, named, PLACE)] == [
        "",
        "Warehouse",
        str(PLACE.address),
    ]
    assert names(DeviceCard(core_of()).facts) == ["Kind"]
    assert names(DeviceCard(core_of(premises=named)).facts) == ["Kind", "Place"]
    heard = core_of(seen_at=timezone.now())
    [(_behind, kind, _words)] = DeviceCard(beside(heard, cameras=[DeviceCamera(picture="lost")])).cameras
    assert kind == "warn"
