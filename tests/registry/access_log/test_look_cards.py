"""Who looked, as cards: one for each incident and day, with what was done and how often."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from registry.access_log.presenters.look_cards import cards_of
from registry.access_log.presenters.looks import Look
from registry.people.models import Registrant
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
    cards = cards_of(looks)
    assert [card.heading for card in cards] == [
        "June 16, 2026: Burglary, 26-1",
        "June 15, 2026: Burglary, 26-1",
        "June 15, 2026: Burglary, 26-2",
        "June 15, 2026: without an incident",
    ]
    assert cards[1].done == ["D-17: found, 2 times"]
    assert cards[1].cameras == "Door, Yard"
    assert [line for card in cards for line in card.looks] == [looks[0], looks[1], looks[3], looks[2], looks[4]]


def test_how_often_follows_no_full_stop() -> None:
    opens = "You can read it from June 29 on."
    assert cards_of([look(1, opens)])[0].done == [f"D-17: {opens}"]
    assert cards_of([look(2, opens), look(1, opens)])[0].done == ["D-17: You can read it from June 29 on, 2 times"]


@pytest.mark.django_db
def test_the_page_folds_the_details_of_each(registrant: Registrant, resident_client: Client) -> None:
    asked = request_at("sent", registrant=registrant)
    answer = resident_client.get(reverse("looks"))
    page = answer.content.decode()
    cards = answer.context["cards"]
    assert page.count("<details data-details>") == len(cards) > 1
    assert any(asked.incident.number in card.heading for card in cards)
    assert page.count("data-entry") == len(answer.context["looks"])
