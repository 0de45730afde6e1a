"""Sentences for owners about places, cameras and pauses, and about what a move or a departure changes."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from audit.log.events import KEPT
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.counties import county
from registry.access_log.models import LookDelay
from registry.access_log.presenters import notices
from registry.incidents.models import Incident, IncidentType
from registry.incidents.policies.dispatch import DispatchOutcome
from registry.incidents.presenters import incidents
from registry.incidents.services.dispatch import DeliveryResult
from registry.letters.presenters import PlaceNote
from registry.other_counties.models import CountyAgency
from registry.people.presenters import departures
from registry.people.presenters.departures import Elsewhere, ending, staying
from registry.people.presenters.profile import Pauses, PlaceCard, places_page
from registry.people.selectors import Holdings, PlaceCounts, place_counts
from registry.places.models import Camera, Premises
from registry.places.services import cameras
from tests.factories import registrant_at
from tests.unsaved import beside

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
SECOND, LATER = timedelta(seconds=1), NOW + timedelta(days=30)
CAN_BE_FOUND = "can be found by a search after a crime or an emergency nearby."
NOT_FOUND = "From now on no search finds the old place, and none finds the new one"
HOLDINGS = Holdings(
    at=NOW,
    number="R-7",
    places=1,
    cameras=2,
    waiting=0,
    arriving=0,
    files=0,
    days=(),
    leads="",
    leads_until=None,
    leads_named=False,
    moved_to="",
    others=(),
)


@pytest.mark.parametrize(
    ("total", "paused", "unfound", "said"),
    [
        (1, 0, 0, f"Your camera {CAN_BE_FOUND}"),
        (3, 0, 0, f"Your 3 cameras {CAN_BE_FOUND}"),
        (3, 1, 0, "1 of your 3 cameras is paused. No search finds it."),
        (3, 2, 0, "2 of your 3 cameras are paused. No search finds them."),
        (1, 1, 0, "Your camera is paused. No search finds it, and no new request reaches you."),
        (3, 3, 0, "All your 3 cameras are paused. No search finds them, and no new request reaches you."),
        (1, 0, 1, "No search finds your camera now. Its place says why."),
        (3, 1, 2, "No search finds your 3 cameras now. Their places say why."),
        (3, 0, 2, f"1 of your 3 cameras {CAN_BE_FOUND}"),
        (4, 1, 1, f"2 of your 4 cameras {CAN_BE_FOUND}"),
    ],
)
def test_how_many_cameras_are_found(total: int, paused: int, unfound: int, said: str) -> None:
    assert Pauses(total, paused, unfound).words == said


def place(*cameras: Camera, **columns: Any) -> Premises:
    """Return a place that is not saved."""
    usual = {"street": "1 Oak Street", "city": "Birmingham", "state": "AL", "zip_code": "35203", "precision": "pinned"}
    found = Premises(**{**usual, "latitude": 33.5, "longitude": -86.8, **columns})
    return beside(found, cameras=list(cameras))


@pytest.mark.django_db
def test_a_place_has_its_name_or_its_address_and_draws_what_its_cameras_see() -> None:
    sees = Camera(name="Dock", facing=0, angle=90, reach_m=30)
    blind = Camera(name="Gate", paused_at=NOW)
    page = places_page([place(sees, blind, name="Yard"), place(sees, precision="area")])
    assert [card.label for card in page["places"]] == ["Yard", "1 Oak Street, Birmingham, AL 35203"]
    assert [marker["kind"] for marker in page["markers"]] == ["sector", "", ""]
    assert page["pauses"] == Pauses(3, 1, 1)
    assert page["center"] == "33.500000,-86.800000"
    assert places_page([])["center"] == ""


def test_only_some_cameras_of_a_place_are_shown_at_first() -> None:
    cards = PlaceCard(place(), [Camera(name=str(number)) for number in range(8)], PlaceNote(""))
    assert ([line["camera"].name for line in cards.first], [line["camera"].name for line in cards.rest]) == (
        ["0", "1", "2", "3", "4", "5"],
        ["6", "7"],
    )


@pytest.mark.parametrize(
    ("agency", "said"),
    [
        (None, "ask the sheriff or the police"),
        (
            CountyAgency(name="Shelby Sheriff", phone="205", email="", url="https://s.example"),
            "205, https://s.example.",
        ),
        (CountyAgency(name="Shelby Sheriff"), "ask Shelby Sheriff."),
    ],
)
def test_whom_to_ask_in_another_county(agency: CountyAgency | None, said: str) -> None:
    assert said in Elsewhere(county("01117"), agency).sentence


@pytest.mark.django_db
def test_of_a_county_that_nobody_knows_nothing_is_said() -> None:
    assert Elsewhere.of("99999").sentence == ""
    assert "ask the sheriff or the police" in Elsewhere.of("01117").sentence


@pytest.mark.parametrize(("number", "lines"), [(0, 4), (1, 5), (2, 5)])
def test_requests_that_wait_are_named_when_a_place_moves(number: int, lines: int) -> None:
    found = staying(PlaceCounts(cameras=1, waiting=number, only_here=0, is_last=False))
    assert len(found) == lines
    assert ("wait" in found[2]) is (number > 0)


@pytest.mark.parametrize(
    ("cameras", "paused", "leaves_out", "said"),
    [
        (2, 0, False, "From now on searches find the new place, and no search finds the old one."),
        (2, 1, False, "From now on searches find the new place, and no search finds the old one."),
        (2, 1, True, f"{NOT_FOUND} until it is confirmed."),
        (2, 2, False, f"{NOT_FOUND} while all its cameras are paused."),
        (2, 2, True, f"{NOT_FOUND} while all its cameras are paused."),
        (0, 0, False, f"{NOT_FOUND} while it has no camera."),
        (0, 0, True, f"{NOT_FOUND} while it has no camera."),
    ],
)
def test_whether_the_new_place_is_found_is_said_as_it_is(
    cameras: int, paused: int, leaves_out: bool, said: str
) -> None:
    there = PlaceCounts(cameras, waiting=0, only_here=0, is_last=False, leaves_out=leaves_out, paused=paused)
    assert staying(there)[2] == said


@pytest.mark.django_db
def test_a_place_whose_cameras_are_all_paused_is_counted_as_such() -> None:
    registrant = registrant_at(cameras=2)
    here = registrant.premises.get()
    cameras.pause(camera=here.cameras.all()[0], by=registrant.user)
    assert (place_counts(here).cameras, place_counts(here).paused) == (2, 1)
    cameras.pause_all(registrant=registrant, by=registrant.user)
    assert "while all its cameras are paused" in staying(place_counts(here))[2]


@pytest.mark.parametrize(("number", "lines"), [(0, 3), (1, 4), (2, 4)])
def test_requests_that_end_with_a_place_are_named(number: int, lines: int) -> None:
    found = ending(PlaceCounts(cameras=1, waiting=9, only_here=number, is_last=False))
    assert len(found) == lines
    assert ("withdrawn" in found[-1]) is (number > 0)


@pytest.mark.parametrize(
    ("held", "more"),
    [
        ({}, []),
        ({"waiting": 1}, ["One request that waits for your answer"]),
        ({"arriving": 2}, ["2 files that are on their way"]),
        ({"waiting": 2, "arriving": 1}, ["2 requests that wait for your answer", "One file that is on its way"]),
    ],
)
def test_what_goes_when_somebody_leaves(held: dict[str, Any], more: list[str]) -> None:
    found = departures.deleted(replace(HOLDINGS, **held))
    assert len(found) == 6 + len(more)
    assert all(line.startswith(part) for line, part in zip(found[6:], more, strict=True))


@pytest.mark.parametrize(
    ("held", "parts"),
    [
        ({}, []),
        ({"days": ((1, False, LATER),)}, ["Kept until July 15, 2026, longer if a court"]),
        ({"days": ((2, True, LATER),)}, ["A legal hold is on them"]),
        ({"leads_until": LATER, "leads": "L-7"}, ["without your name (L-7)"]),
        ({"leads_until": LATER, "leads": "L-7", "leads_named": True}, ["with your name and e-mail address (L-7)"]),
    ],
)
def test_what_stays_when_somebody_leaves(held: dict[str, Any], parts: list[str]) -> None:
    found = departures.kept(replace(HOLDINGS, **held))
    assert len(found) == 2 + len(parts)
    for line, part in zip(found, [*parts, "The log, and", "A fingerprint of"], strict=True):
        assert part in line
    years = {int(line.rpartition("Kept until ")[2].split(", ")[1][:4]) for line in found[-2:]}
    assert min(years) > NOW.year


FILE = (
    "One file that you gave, with your name and registration number: a court must be able to learn who gave it. Kept "
    "until July 15, 2026, longer if a court or the law requires it."
)
NAMED = "What you agreed to for your new county, with your name and e-mail address (L-7)"


@pytest.mark.parametrize(
    ("held", "lines"),
    [
        ({}, []),
        ({"days": ((1, False, LATER),)}, [FILE]),
        ({"leads_until": LATER, "leads": "L-7", "leads_named": True}, [NAMED]),
        ({"days": ((1, False, LATER),), "leads_until": LATER, "leads": "L-7", "leads_named": True}, [FILE, NAMED]),
    ],
)
def test_what_stays_of_a_place_names_no_end_of_the_registration(held: dict[str, Any], lines: list[str]) -> None:
    holdings = replace(HOLDINGS, **held)
    found = departures.kept_of_place(holdings)
    assert [line[: len(said)] for line, said in zip(found, lines, strict=False)] == lines
    [log] = found[len(lines) :]
    assert log.startswith("The log, and the numbers of requests to you:")
    assert log.endswith(f"Kept until {date_format(localtime(NOW + KEPT), 'DATE_FORMAT')}.")
    assert not any("fingerprint" in line for line in found)
    assert [line for line in departures.kept(holdings) if line not in found] == departures.kept(holdings)[-1:]


def test_the_log_of_an_account_is_kept_for_years() -> None:
    [line] = departures.kept_of_account(NOW)
    assert int(line.rpartition(", ")[2][:4]) > NOW.year


@pytest.mark.parametrize(
    ("ends_at", "number", "running", "said"),
    [
        (LATER, 1, True, "Until July 15, 2026"),
        (LATER, 2, True, "Renewed until July 15, 2026"),
        (LATER, 1, False, "Over: the owner was asked"),
        (NOW, 1, False, "Over since June 15, 2026"),
    ],
)
def test_how_a_delay_stands(ends_at: datetime, number: int, running: bool, said: str) -> None:
    with time_machine.travel(NOW, tick=False):
        label, kind = notices._delay_standing(LookDelay(ends_at=ends_at, number=number), running=running)
    assert label.startswith(said)
    assert kind == ("warn" if running else "quiet")


def test_a_delay_can_be_ended_while_it_runs() -> None:
    delay = LookDelay(
        ends_at=LATER,
        camera=Camera(name="Dock"),
        placed_by=User(pseudonym="Supervisor A"),
        incident=Incident(number="2026-1", type=IncidentType(name="Robbery")),
    )
    running = notices._delay_line(delay, "Not you.", running=True)
    assert [(action.label, action.reason) for action in running["actions"]] == [
        ("Renew once", "Not you."),
        ("End now", ""),
    ]
    assert notices._delay_line(delay, "", running=False)["actions"] == []


def result(outcome: DispatchOutcome, place: int = 0, **problems: str) -> DeliveryResult:
    return DeliveryResult(place, "CAD-1", "2026-1", outcome, problems)


def test_what_became_of_a_delivery_is_counted_and_told_line_by_line() -> None:
    results = [
        result(DispatchOutcome.OPENED),
        result(DispatchOutcome.REFUSED, 1, type="No such code."),
        result(DispatchOutcome.UPDATED, 2),
    ]
    assert [(row["place"], row["label"], row["problems"]) for row in incidents.delivery_rows(results)] == [
        (1, "Opened", []),
        (2, "Not taken", ["type: No such code."]),
        (3, "Updated", []),
    ]
    assert "problems" not in incidents.delivery_answer(results[0])
    assert incidents.delivery_answer(results[1])["problems"] == {"type": "No such code."}
    assert (incidents.nothing_was_taken(results), incidents.nothing_was_taken(results[1:2])) == (False, True)
