"""STOP belongs to the phone number, in every account that has it."""

import pytest
from django.core.exceptions import ValidationError

from audit.log.events import Event
from fusus_portal.ground.notifications.models import Message, StoppedNumber
from fusus_portal.ground.notifications.services import text_numbers
from tests.factories import person
from tests.notifications.texting import NUMBER, asked, events, fresh, offered, turned_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def provider_is_set() -> object:
    """Let the office have a provider, and nobody hear of what waits."""
    with offered():
        yield


def test_it_ends_texts_to_a_number_in_every_account() -> None:
    first, second = turned_on(), turned_on()
    text_numbers.stop(number=NUMBER)
    assert not fresh(first).is_on
    assert not fresh(second).is_on
    assert events().count(Event.TEXTS_STOPPED) == 2


def test_twice_is_once() -> None:
    number = turned_on()
    text_numbers.stop(number=NUMBER)
    stopped = fresh(number).stopped_at
    text_numbers.stop(number=NUMBER)
    assert fresh(number).stopped_at == stopped
    assert events().count(Event.TEXTS_STOPPED) == 1


def test_start_ends_it() -> None:
    number = turned_on()
    text_numbers.stop(number=NUMBER)
    text_numbers.start(number=NUMBER)
    text_numbers.start(number=NUMBER)
    assert fresh(number).is_on
    assert events().count(Event.TEXTS_RESUMED) == 1


def test_start_turns_nothing_on_that_was_never_confirmed() -> None:
    number = asked()
    text_numbers.start(number=NUMBER)
    assert not fresh(number).is_on


def test_a_stranger_who_answers_stop_to_a_code_gets_no_other_from_anybody() -> None:
    number = asked()
    text_numbers.stop(number=NUMBER)
    assert not Message.objects.exists()
    for somebody in (number.user, person()):
        with pytest.raises(ValidationError, match="STOP"):
            asked(somebody)


def test_it_counts_after_the_account_has_forgotten_the_number() -> None:
    number = turned_on()
    text_numbers.stop(number=NUMBER)
    text_numbers.turn_off(by=number.user)
    with pytest.raises(ValidationError, match="STOP"):
        asked(number.user)
    text_numbers.start(number=NUMBER)
    asked(number.user)


def test_a_number_of_nobody_is_heeded_and_not_kept_in_the_open() -> None:
    text_numbers.stop(number=NUMBER)
    (kept,) = StoppedNumber.objects.all()
    assert NUMBER[2:] not in kept.digest
    assert events() == [Event.TEXTS_STOPPED]
    text_numbers.start(number=NUMBER)
    assert not StoppedNumber.objects.exists()
