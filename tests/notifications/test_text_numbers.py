"""A number is turned on by a code that nobody can guess, and off by a press, a STOP, or by leaving."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import NotYours, Refused
from fusus_portal.ground.notifications import policies
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import CODE_TRIES, By, Message, TextNumber
from fusus_portal.ground.notifications.services import delivery, outbox, text_numbers
from registry.people.presenters.own_record import tables_of
from registry.people.services import registrants
from tests.factories import person, registrant_at
from tests.notifications.texting import NUMBER, OTHER_NUMBER, asked, events, fresh, offered, turned_on
from tests.peers.texts import TextPeer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def provider_is_set() -> object:
    """Let the office have a provider, and nobody hear of what waits."""
    with offered():
        yield


def wrong(number: TextNumber) -> str:
    """Return six digits that are not the code."""
    return f"{(int(policies.code_of(number)) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize("typed", ["205-555-0117", "(205) 555 0117", "+1 205.555.0117", "12055550117"])
def test_a_number_is_kept_one_way_however_it_is_typed(typed: str) -> None:
    assert policies.check_number(typed) == NUMBER
    assert asked(number=typed).number == NUMBER


@pytest.mark.parametrize(
    "typed",
    ["", "911", "205-055-0117", "800-555-0100", "900-555-0100", "+44 20 7946 0958", "+1 416 555 0100", "x" * 300,
     "205-555-0117 ext. 4", "ana@home.example", "\N{CAMERA}", "'; DROP TABLE--", "0" * 200],
)  # fmt: skip
def test_what_can_get_no_texts_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        asked(number=typed)
    assert set(refused.value.message_dict) == {"number"}
    assert not TextNumber.objects.exists()


def test_the_code_travels_by_text_alone_and_is_written_nowhere(text_peer: TextPeer) -> None:
    number = asked()
    (code,) = Message.objects.all()
    assert (code.kind, code.channel, code.to) == (MessageKind.TEXT_CODE, By.TEXT, NUMBER)
    digits = policies.code_of(number)
    assert digits not in str(code.context)
    assert digits not in number.code_seed
    assert delivery.deliver(pk=code.pk)
    (taken,) = text_peer.messages
    assert f"your code is {digits}." in taken["body"]


def test_codes_of_two_numbers_and_of_two_times_differ() -> None:
    first, second = asked(), asked(number=OTHER_NUMBER)
    again = asked(first.user)
    assert len({policies.code_of(each) for each in (first, second, again)}) == 3


def test_the_right_code_turns_texts_on() -> None:
    number = asked()
    digits = policies.code_of(number)
    text_numbers.confirm(by=number.user, code=f"{digits[:3]} {digits[3:]}")
    assert fresh(number).is_on
    assert events() == [Event.TEXT_CODE_ASKED, Event.TEXTS_TURNED_ON]


def test_it_is_told_by_mail_so_that_nobody_adds_a_phone_unseen() -> None:
    number = asked()
    text_numbers.confirm(by=number.user, code=policies.code_of(number))
    (told,) = Message.objects.filter(kind=MessageKind.TEXTS_ON)
    assert (told.channel, told.to, told.context) == (By.EMAIL, number.user.email, {"ending": "17"})


def test_turning_off_leaves_the_texts_of_another_account_with_the_same_number() -> None:
    first, second = turned_on(), turned_on()
    with transaction.atomic():
        outbox.send(
            kind=MessageKind.FOOTAGE_REMINDER, to=second.user, about=second.subject, context={"request": "none"}
        )
    text_numbers.turn_off(by=first.user)
    assert Message.objects.filter(channel=By.TEXT, to=NUMBER).count() == 1
    text_numbers.turn_off(by=second.user)
    assert not Message.objects.filter(channel=By.TEXT).exists()


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_what_is_no_code_turns_nothing_on_and_counts(typed: str) -> None:
    number = asked()
    with pytest.raises(ValidationError):
        text_numbers.confirm(by=number.user, code=typed)
    assert (fresh(number).is_on, fresh(number).tries) == (False, 1)


def test_after_five_wrong_codes_the_right_one_is_too_late() -> None:
    number = asked()
    for left in (4, 3, 2):
        with pytest.raises(ValidationError, match=f"{left} more tries"):
            text_numbers.confirm(by=number.user, code=wrong(number))
    with pytest.raises(ValidationError, match="one more try"):
        text_numbers.confirm(by=number.user, code=wrong(number))
    with pytest.raises(ValidationError, match="last try"):
        text_numbers.confirm(by=number.user, code=wrong(number))
    with pytest.raises(ValidationError, match="last try"):
        text_numbers.confirm(by=number.user, code=policies.code_of(number))
    assert not fresh(number).is_on
    assert events().count(Event.TEXT_CODE_WRONG) == CODE_TRIES


@pytest.mark.parametrize(("later", "on"), [(timedelta(minutes=9, seconds=59), True), (timedelta(minutes=10), False)])
def test_a_code_is_good_for_ten_minutes(later: timedelta, on: bool) -> None:
    number = asked()
    with time_machine.travel(number.code_at + later, tick=False):
        if on:
            text_numbers.confirm(by=number.user, code=policies.code_of(number))
        else:
            with pytest.raises(ValidationError, match="10 minutes"):
                text_numbers.confirm(by=number.user, code=policies.code_of(number))
    assert fresh(number).is_on is on


def test_a_new_code_ends_the_one_before_and_its_text() -> None:
    number = asked()
    before = policies.code_of(number)
    again = asked(number.user)
    assert Message.objects.filter(kind=MessageKind.TEXT_CODE).count() == 1
    with pytest.raises(ValidationError):
        text_numbers.confirm(by=number.user, code=before)
    text_numbers.confirm(by=number.user, code=policies.code_of(again))


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_number() -> None:
    resident = person()
    made: list[object] = []

    def press() -> None:
        try:
            made.append(asked(resident))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert TextNumber.objects.count() == Message.objects.count() == 1


def test_another_number_gets_nothing_before_its_code() -> None:
    number = turned_on()
    other = asked(number.user, number=OTHER_NUMBER)
    assert TextNumber.objects.get().number == OTHER_NUMBER
    assert not fresh(other).is_on


def test_nobody_types_the_code_of_somebody_else() -> None:
    number = asked()
    with pytest.raises(NotYours):
        text_numbers.confirm(by=person(), code=policies.code_of(number))
    with pytest.raises(NotYours):
        text_numbers.choose(by=person(), requests=True, looks=True)


@pytest.mark.parametrize("role", [Role.DEPUTY, Role.AUDITOR, Role.CLERK])
def test_people_of_the_agency_have_no_number_here(role: str) -> None:
    with pytest.raises(Refused):
        asked(person(role))


def test_without_a_provider_nobody_gives_a_number(settings: Settings) -> None:
    settings.TEXT_URL = ""
    with pytest.raises(NotYours):
        asked()


def test_something_must_be_wanted() -> None:
    with pytest.raises(ValidationError):
        asked(requests=False, looks=False)
    number = turned_on()
    with pytest.raises(ValidationError):
        text_numbers.choose(by=number.user, requests=False, looks=False)
    text_numbers.choose(by=number.user, requests=False, looks=True)
    assert (fresh(number).requests, fresh(number).looks) == (False, True)


def test_one_press_turns_texts_off_and_forgets_the_number() -> None:
    number = turned_on()
    text_numbers.turn_off(by=number.user)
    text_numbers.turn_off(by=number.user)
    assert not TextNumber.objects.exists()
    assert events().count(Event.TEXTS_TURNED_OFF) == 1


@pytest.mark.parametrize(
    "change",
    [{"number": "205-555-0117"}, {"number": "+44207946095"}, {"tries": 6}, {"requests": False, "looks": False}],
)
def test_the_database_refuses_numbers_that_can_not_be(change: dict[str, object]) -> None:
    number = turned_on()
    with pytest.raises(IntegrityError), transaction.atomic():
        TextNumber.objects.filter(pk=number.pk).update(**change)


class TestTheRegistrant:
    def test_their_own_data_has_the_number(self) -> None:
        registrant = registrant_at()
        turned_on(registrant.user)
        (row,) = tables_of(registrant)["text_numbers"]
        assert row["number"] == NUMBER

    def test_an_owner_who_leaves_takes_number_and_texts_along(self) -> None:
        registrant = registrant_at()
        turned_on(registrant.user)
        asked(registrant.user)
        registrants.leave(registrant=registrant, by=registrant.user)
        assert not TextNumber.objects.exists()
        assert not Message.objects.filter(channel=By.TEXT).exists()

    def test_the_time_of_a_stop_is_on_the_row(self) -> None:
        number = turned_on()
        text_numbers.stop(number=NUMBER)
        stopped = fresh(number).stopped_at
        assert stopped is not None
        assert timezone.now() - stopped < timedelta(minutes=1)
