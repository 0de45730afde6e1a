"""Who looked, folded by day: one line for what one person did for one incident."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from registry.access_log import selectors
from registry.access_log.presenters.folds import LookDay, look_days
from registry.access_log.presenters.looks import Look, Standing
from registry.registrants.models import Registrant
from tests.factories import request_at

NOON = datetime(2026, 6, 15, 17, tzinfo=UTC)


def look(number: int, event: Event, **columns: Any) -> Look:
    usual = {"camera": "Door", "camera_id": "door", "at": NOON, "who": "D-17", "sentence": str(event.sentence)}
    found = Look(number=number, event=event, **{**usual, **columns})
    return replace(found, offence="Burglary" if found.incident else "")


def said(day: LookDay) -> list[tuple[str, str]]:
    return [(line.words, line.about) for line in day.lines]


def test_a_day_says_what_each_person_did_for_each_incident() -> None:
    looks = [
        look(5, Event.EVIDENCE_VIEWED, incident="26-1", at=NOON + timedelta(days=1)),
        look(4, Event.CAMERA_SHOWN, incident="26-1"),
        look(9, Event.CAMERA_FOUND, incident="26-2", who="D-4"),
        look(2, Event.CAMERA_FOUND, incident="26-1", camera="Yard", camera_id="yard"),
        look(3, Event.CAMERA_FOUND, incident="26-1"),
        look(1, Event.CAMERA_ADDED, who="You"),
    ]
    days = look_days(looks)
    assert [day.heading for day in days] == ["June 16, 2026", "June 15, 2026"]
    assert said(days[0]) == [("D-17: played footage", "Burglary, 26-1 · Door")]
    assert said(days[1]) == [
        ("D-17: searched, saw the address, 2 cameras, 3 times", "Burglary, 26-1"),
        ("D-4: searched", "Burglary, 26-2 · Door"),
        ("You: added this camera", "Door"),
    ]
    assert [line.words for line in days[1].rest] == ["You: added this camera"]
    assert days[1].looks == looks[1:]


def test_a_live_view_counts_once_with_its_minutes() -> None:
    minute = look(3, Event.VIEW_WATCHED)
    looks = [
        look(5, Event.VIEW_ENDED),
        replace(minute, number=4, parts=(minute, minute, minute)),
        look(2, Event.VIEW_STARTED),
        look(1, Event.VIEW_STARTED, camera_id="a door of the same name"),
    ]
    (day,) = look_days(looks)
    assert said(day) == [("D-17: viewed live, for up to 3 minutes, 2 cameras, 2 times", "")]
    assert said(look_days(looks[:2])[0]) == [("D-17: viewed live, for up to 3 minutes", "Door")]


def test_a_view_that_the_portal_ends_is_no_look_of_the_portal() -> None:
    (day,) = look_days([look(2, Event.VIEW_ENDED, who="The portal itself"), look(1, Event.VIEW_STARTED)])
    assert said(day) == [
        ("The portal itself: ended a live view of this camera", "Door"),
        ("D-17: viewed live", "Door"),
    ]


def test_looks_counted_for_an_hour_count_as_often_as_they_were() -> None:
    (day,) = look_days([look(2, Event.CAMERA_SHOWN, times=17), look(1, Event.CAMERA_SHOWN)])
    assert said(day) == [("D-17: saw the address, 18 times", "Door")]


def test_what_opens_later_is_counted_by_day() -> None:
    closed = replace(look(1, Event.CAMERA_FOUND), event="", sentence="", is_open=False, opens=NOON + timedelta(days=14))
    unknown = replace(closed, opens=None)
    soon = replace(closed, opens=timezone.localtime().replace(hour=12, minute=0))
    (day,) = look_days([look(5, Event.CAMERA_FOUND), closed, closed, soon, unknown, unknown])
    assert [words for words, _about in said(day)] == [
        "2 entries open on June 29, 2026",
        f"1 entry opens at noon {timezone.localtime():%Z}",
        "2 entries can't be shown just now. Please look again later.",
        "D-17: searched",
    ]


def test_only_the_last_day_of_a_page_goes_on() -> None:
    looks = [look(2, Event.CAMERA_FOUND, at=NOON + timedelta(days=1)), look(1, Event.CAMERA_FOUND)]
    assert [day.goes_on for day in look_days(looks, goes_on=True)] == [False, True]
    assert [day.goes_on for day in look_days(looks)] == [False, False]


def test_the_first_days_are_those_of_the_agencys_clock() -> None:
    late = datetime(2026, 6, 16, 3, tzinfo=UTC)
    entries = [AuditEntry(at=at) for at in (late + timedelta(days=1), late, NOON, NOON - timedelta(days=1))]
    assert selectors.first_days(entries, 2) == entries[:3]
    assert selectors.first_days([], 2) == []
    out_of_order = [entries[1], entries[3], entries[2]]
    assert selectors.first_days(out_of_order, 1) == out_of_order[:1]


@pytest.mark.parametrize(
    ("standing", "can"),
    [
        (Standing(1, 0, 0), "1 of 1 entry can be checked now."),
        (
            Standing(10, 6, 3),
            "10 of 19 entries can be checked now. 6 are newer than the published state of the log. 3 open later.",
        ),
        (
            Standing(0, 1, 1),
            "0 of 2 entries can be checked now. 1 is newer than the published state of the log. 1 opens later.",
        ),
    ],
)
def test_how_many_can_be_checked_and_why_not_the_others(standing: Standing, can: str) -> None:
    assert standing.can == can
    assert standing.checked == can.replace(
        "can be checked now", "was checked" if standing.public == 1 else "were checked"
    )
    assert standing.right.startswith(
        "Everything here" if can.startswith("1 of 1 ") else "What could be checked is right"
    )
    assert standing.right.endswith(standing.checked)


@pytest.mark.django_db
def test_the_page_folds_the_details_of_each_day(registrant: Registrant, resident_client: Client) -> None:
    asked = request_at("sent", registrant=registrant)
    answer = resident_client.get(reverse("looks"))
    page = answer.content.decode()
    (day,) = answer.context["days"]
    assert f"{day.heading}</h2>" in page
    assert any(asked.incident.number in line.about for line in day.lines)
    assert page.count("data-entry") == len(answer.context["looks"])
    assert "Older entries of this day" not in page


@pytest.mark.django_db
def test_a_page_ends_with_its_last_day_and_the_next_begins_after_it(
    registrant: Registrant, resident_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database's clock stands still in a test: each entry is taken for a day of its own here."""
    monkeypatch.setattr(selectors, "first_days", lambda entries, number: entries[:number])
    monkeypatch.setattr("registry.access_log.views.DAYS_A_PAGE", 2)
    request_at("sent", registrant=registrant)
    seen: list[list[int]] = []
    address = reverse("looks")
    while address:
        context = resident_client.get(address).context
        seen.append([look.number for look in context["looks"]])
        address = context["older"] and reverse("looks") + context["older"]
    assert [number for page in seen for number in page] == list(range(sum(map(len, seen)), 0, -1))
    assert {len(page) for page in seen[:-1]} == {2}


@pytest.mark.django_db
def test_a_day_that_goes_on_overleaf_says_so(
    registrant: Registrant, resident_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.access_log.views.A_PAGE", 2)
    request_at("sent", registrant=registrant)
    answer = resident_client.get(reverse("looks"))
    assert "Older entries of this day are on the next page." in answer.content.decode()
    assert len(answer.context["looks"]) == 2
