"""Sentences for an owner about sharing: of one camera, of all of them, of a signature, and of earlier rules."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from fusus_portal.ground.agency.models import Document
from integration.cores.models import Core, DeviceCamera
from integration.rules import OFFLINE_AFTER
from integration.sharing.hours import hours, outside, week_of
from integration.sharing.models import SharingAgreement, SharingPause, SharingRule
from integration.sharing.policies import Asked, failed_condition, is_in_force
from integration.sharing.presenters import (
    CameraCard,
    SharingPage,
    facts_of,
    said_by,
    state_of,
)
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
LATER, SECOND = NOW + timedelta(hours=1), timedelta(seconds=1)


def signed(**columns: Any) -> SharingAgreement:
    """Return a signature that counts and is not saved."""
    document = Document(number=3)
    usual = {"signed_at": NOW, "ends_on": NOW.date(), "party": "Acme", "signer": "Ana", "title": "Owner"}
    return SharingAgreement(document=document, **{**usual, **columns})


def card(
    rule: SharingRule | None,
    *,
    agreement: SharingAgreement | None = None,
    name: str = "",
    core: str = "active",
    seen_at: datetime = NOW,
    precision: str = "pinned",
    **said: Any,
) -> CameraCard:
    place = Premises(
        name=name, street="1 Oak Street", city="Birmingham", state="AL", zip_code="35203", precision=precision
    )
    behind = DeviceCamera(camera=Camera(name="Dock", premises=place, **said), core=Core(state=core, seen_at=seen_at))
    is_paused = behind.camera.paused_at is not None
    return CameraCard(
        behind, rule, failed_condition(Asked(rule, agreement or signed(), None, NOW, is_camera_paused=is_paused)), NOW
    )


@pytest.mark.parametrize(
    ("rule", "said", "can_be_shared"),
    [
        (None, "Nobody can view it now. You never share", False),
        (SharingRule(mode="never"), "Nobody can view it now. You never share", False),
        (SharingRule(mode="incident"), "Shared. A deputy can view it only", False),
        (SharingRule(mode="ask"), "Nobody can view it now. You share this camera only now and then", True),
        (SharingRule(mode="ask", shared_until=LATER), "Shared until June 15, 2026, 1 p.m.", True),
        (SharingRule(mode="ask", shared_until=NOW), "Nobody can view it now.", True),
    ],
)
def test_whether_a_camera_can_be_seen(rule: SharingRule | None, said: str, can_be_shared: bool) -> None:
    found = card(rule)
    assert found.sentence.startswith(said)
    assert found.can_be_shared is can_be_shared


@pytest.mark.parametrize(("until", "shown"), [(None, None), (NOW, None), (LATER, LATER)])
def test_sharing_now_is_over_at_its_moment(until: datetime | None, shown: datetime | None) -> None:
    assert card(SharingRule(mode="ask", shared_until=until)).shared_until == shown
    assert card(None).shared_until is None


def test_a_camera_of_an_offline_core_can_be_seen_when_it_is_back() -> None:
    assert AWAY.sentence.startswith("Its CORE is offline, so nobody can view it now. When the CORE is back online,")
    assert "Shared" not in AWAY.sentence


def test_a_place_has_its_name_or_its_address() -> None:
    assert card(None, name="Warehouse").place == "Warehouse"
    assert card(None).place.startswith("1 Oak Street")


def test_hours_are_shown_of_a_schedule_alone() -> None:
    week = [[[480, 1080]], [[0, 1440]], [[1320, 1800]], *[[]] * 4]
    rule = SharingRule(mode="schedule", week=week, closed_days=["2026-12-25"], open_days=["2026-11-27"])
    assert card(rule).hours == [
        "Monday, 8 a.m. to 6 p.m.",
        "Tuesday, all day",
        "Wednesday, 10 p.m. to 6 a.m.",
        "Shared all day on Nov. 27, 2026",
        "Not shared on Dec. 25, 2026",
    ]
    assert card(SharingRule(mode="incident", week=week)).hours == []
    assert card(None).hours == []
    assert (hours(0, 1439), hours(1, 1440)) == ("midnight to 11:59 p.m.", "12:01 a.m. to midnight")
    shut = SharingRule(mode="outside", week=outside(week_of([("01234", 480, 1080)])), open_days=["2026-11-27"])
    assert card(shut).hours == [
        "Opening hours: Monday to Friday, 8 a.m. to 6 p.m.",
        "Shared all day on Nov. 27, 2026",
    ]
    assert (card(None).mode, card(rule).mode) == (card(SharingRule(mode="never")).mode, str(rule.get_mode_display()))
    assert card(rule).rule_words == "; ".join([card(rule).mode, *card(rule).hours])
    assert card(None).rule_words == "Never"


@pytest.mark.parametrize(
    ("rule", "bars"),
    [
        (SharingRule(mode="incident"), [(day, 0, 1440) for day in range(7)]),
        (SharingRule(mode="schedule", week=[[], [[1320, 1800]], *[[]] * 5]), [(1, 1320, 120), (2, 0, 360)]),
        (SharingRule(mode="ask"), None),
        (SharingRule(mode="never"), None),
        (None, None),
    ],
)
def test_a_rule_with_hours_has_a_picture(rule: SharingRule | None, bars: list[tuple[int, int, int]] | None) -> None:
    picture = card(rule).picture
    assert (picture.bars if picture else None) == bars


INCIDENT, NEVER = card(SharingRule(mode="incident")), card(SharingRule(mode="never"))
PAUSED = card(SharingRule(mode="incident"), paused_at=NOW)
PAUSE = SharingPause(began_at=NOW)
AWAY = card(SharingRule(mode="incident"), seen_at=NOW - OFFLINE_AFTER)
ONE_OF_TWO = "Deputies can see 1 of your 2 cameras live now, only in a critical incident."
NOTHING = "Deputies can see no camera of yours live"


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (INCIDENT, ""),
        (NEVER, "You never share this camera."),
        (PAUSED, "This camera is paused."),
        (card(SharingRule(mode="never"), paused_at=NOW), "You never share this camera."),
        (card(SharingRule(mode="incident"), core="suspended"), "Its CORE does not work now."),
        (AWAY, "Its CORE is offline."),
        (card(SharingRule(mode="never"), seen_at=NOW - OFFLINE_AFTER), "You never share this camera."),
        (card(SharingRule(mode="incident"), seen_at=NOW - OFFLINE_AFTER + SECOND), ""),
        (card(SharingRule(mode="incident"), precision="area"), "The pin of its place is missing."),
    ],
)
def test_why_nobody_could_view_a_camera(found: CameraCard, why: str) -> None:
    assert found.why_not == why


@pytest.mark.parametrize(
    ("agreement", "pause", "cards", "said", "act"),
    [
        (signed(), PAUSE, [INCIDENT], f"Sharing is paused. {NOTHING}.", "Resume"),
        (None, PAUSE, [], f"Sharing is paused. {NOTHING}.", "Resume"),
        (signed(), None, [PAUSED, PAUSED], "Sharing is paused, because every connected camera is.", "End all pauses"),
        (signed(), None, [PAUSED, NEVER], f"{NOTHING} now.", "Pause"),
        (signed(), None, [PAUSED, INCIDENT], "Deputies can see 1 of your 2 cameras live now, only", "Pause"),
        (None, None, [INCIDENT], f"{NOTHING}: no sharing agreement is in force.", "Read and sign the agreement"),
        (signed(), None, [NEVER], f"{NOTHING} now.", "Pause"),
        (signed(), None, [], f"{NOTHING}: none is connected through a CORE.", ""),
        (signed(), None, [INCIDENT], "Deputies can see 1 camera live, only in a critical incident.", "Pause"),
        (signed(), None, [INCIDENT] * 2, "Deputies can see 2 cameras live, only in a critical incident.", "Pause"),
        (signed(), None, [AWAY], f"{NOTHING} now. When your CORE is back online, they can see 1 camera, only", "Pause"),
        (signed(), None, [AWAY, AWAY], f"{NOTHING} now. When your CORE is back online, they can see 2 cam", "Pause"),
        (signed(), PAUSE, [AWAY], f"Sharing is paused. {NOTHING}.", "Resume"),
        (
            signed(),
            None,
            [INCIDENT, AWAY],
            f"{ONE_OF_TWO} When your CORE is back online, they can see 1 more.",
            "Pause",
        ),
        (signed(), None, [INCIDENT, NEVER], "Deputies can see 1 of your 2 cameras live now, only in", "Pause"),
    ],
)
def test_what_deputies_can_see_is_one_sentence_with_its_button(
    agreement: SharingAgreement | None, pause: SharingPause | None, cards: list[CameraCard], said: str, act: str
) -> None:
    page = SharingPage(cards, agreement, pause, NOW)
    assert page.words.startswith(said)
    assert (page.act.label if page.act else "") == act


@pytest.mark.parametrize(
    ("agreement", "counts"),
    [
        (signed(), True),
        (signed(signed_at=NOW + SECOND), False),
        (signed(ends_on=date(2026, 6, 14)), False),
        (signed(revoked_at=NOW), False),
        (signed(replaced_at=NOW), False),
        (signed(ended_at=NOW), False),
        (None, False),
    ],
)
def test_a_signature_counts_from_its_moment_to_the_end_of_its_last_day(
    agreement: SharingAgreement | None, counts: bool
) -> None:
    assert is_in_force(agreement, NOW) is counts


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "In force until the end of June 15, 2026"),
        ({"revoked_at": NOW}, "Taken back by the business on June 15, 2026, noon"),
        ({"replaced_at": NOW}, "Renewed on June 15, 2026, noon"),
        ({"ended_at": NOW}, "Ended automatically after June 15, 2026"),
    ],
)
def test_how_a_signature_stands(columns: dict[str, Any], said: str) -> None:
    assert state_of(signed(**columns)).startswith(said)


def test_a_signature_names_the_registration_while_there_is_one() -> None:
    assert facts_of(signed(registrant=Registrant(reference="R-7")))[1] == ("Registration number", "R-7")
    assert facts_of(signed())[1][0] == "Signed by"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"until": NOW.isoformat()}, "until June 15, 2026, noon"),
        ({}, ""),
        ({"mode": "made up"}, ""),
        ({"mode": "never"}, "Never"),
        ({"mode": "incident", "clips": 1}, "nearby; recorded clips are given automatically"),
        (
            {"mode": "schedule", "week": "1 08:00-18:00; 7 00:00-24:00"},
            "nearby; Monday, 8 a.m. to 6 p.m.; Sunday, all day",
        ),
        (
            {"mode": "outside", "week": "1 00:00-08:00; " + "; ".join(f"{n} 18:00-08:00" for n in range(1, 8))},
            "Outside opening hours, during a critical incident nearby; Opening hours: Every day, 8 a.m. to 6 p.m.",
        ),
        ({"mode": "schedule", "closed": "2026-12-25"}, "nearby; Not shared on Dec. 25, 2026"),
        ({"mode": "schedule", "open": "2026-11-27"}, "nearby; Shared all day on Nov. 27, 2026"),
    ],
)
def test_what_was_set_before_is_read_in_words(facts: dict[str, int | str], said: str) -> None:
    found = said_by(facts)
    assert said in found
    assert bool(found) is bool(said)
