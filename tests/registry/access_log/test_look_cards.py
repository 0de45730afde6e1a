"""Who looked, as cards: one for each incident and day, with what was done and how often."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry.access_log.presenters.looks import Look, Standing, look_cards
from registry.registrants.models import Registrant
from tests.factories import request_at

NOON = datetime(2026, 6, 15, 17, tzinfo=UTC)


def look(number: int, sentence: str, *, incident: str = "", at: datetime = NOON, camera: str = "Door") -> Look:
    return Look(number, camera, camera, at, "D-17", sentence, incident=incident, offence="Burglary" if incident else "")


def test_one_card_for_each_incident_and_day_says_how_often() -> None:
    looks = [
        look(5, "played the footage", incident="26-1", at=NOON + timedelta(days=1)),
        look(4, "found", incident="26-1"),
        look(9, "found", incident="26-2"),
        look(3, "found", incident="26-1", camera="Yard"),
        look(1, "added this camera"),
    ]
    cards = look_cards(looks)
    assert [card["heading"] for card in cards] == [
        "June 16, 2026: Burglary, 26-1",
        "June 15, 2026: Burglary, 26-1",
        "June 15, 2026: Burglary, 26-2",
        "June 15, 2026: without an incident",
    ]
    assert cards[1]["done"] == ["D-17: found, 2 times"]
    assert cards[1]["cameras"] == "Door, Yard"
    assert [line for card in cards for line in card["looks"]] == [looks[0], looks[1], looks[3], looks[2], looks[4]]


def test_what_opens_later_is_counted_by_day() -> None:
    closed = replace(look(1, "", incident=""), is_open=False, opens=NOON + timedelta(days=14))
    unknown = replace(closed, opens=None)
    soon = replace(closed, opens=timezone.localtime().replace(hour=12, minute=0))
    assert look_cards([look(5, "found"), closed, closed, soon, unknown, unknown])[0]["done"] == [
        "D-17: found",
        "2 entries open on June 29, 2026",
        f"1 entry opens at noon {timezone.localtime():%Z}",
        "2 entries can't be shown just now. Please look again later.",
    ]


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
def test_the_page_folds_the_details_of_each(registrant: Registrant, resident_client: Client) -> None:
    asked = request_at("sent", registrant=registrant)
    answer = resident_client.get(reverse("looks"))
    page = answer.content.decode()
    cards = answer.context["cards"]
    assert page.count("<details data-details>") == len(cards) > 1
    assert any(asked.incident.number in card["heading"] for card in cards)
    assert page.count("data-entry") == len(answer.context["looks"])
