"""Messages that an act may put into the outbox, and the outbox's promises to the act."""

import re
import time
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audit.log.actors import Subject
from fusus_portal.ground.notifications import kinds, publishing
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.selectors import Contact
from fusus_portal.ground.notifications.services import delivery, outbox
from fusus_portal.ground.notifications.services.outbox import Letter
from fusus_portal.ground.notifications.states import MessageState
from tests.factories import person, registrant_at
from tests.notifications.conftest import ABOUT, message, sent
from tests.peers.smtp import SmtpPeer

pytestmark = pytest.mark.usefixtures("sample_builders")


def owner(number: int) -> Contact:
    return Contact(f"owner{number}@home.example", "en")


def send(**changes: Any) -> Message:
    asked: dict[str, Any] = {
        "kind": MessageKind.FOOTAGE_REQUEST,
        "to": Contact("ana@home.example", "es"),
        "about": ABOUT,
        "context": {"place": "Oak Street", "cameras": 2},
    }
    return sent(**{**asked, **changes})


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_write_outside_the_act() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        send()
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_it_stores_ids_and_one_message_id_for_life(offered: list[object]) -> None:
    stored = Message.objects.get(pk=send().pk)
    assert stored.state == MessageState.QUEUED
    assert stored.context == {"place": "Oak Street", "cameras": 2}
    assert re.fullmatch(rf"<{stored.pk}@sheriff\.example>", stored.message_id)


@pytest.mark.django_db(transaction=True)
def test_workers_hear_of_it_after_the_commit_only(offered: list[object]) -> None:
    with transaction.atomic():
        stored = send()
        assert offered == []
    assert offered == [stored.pk]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_act_sends_nothing(offered: list[object]) -> None:
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    assert offered == []
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker_down")
def test_the_act_holds_when_the_broker_is_down_and_the_sweeper_offers_the_message(
    mail_server: SmtpPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = time.monotonic()
    stored = [message() for _ in range(20)]
    ago = timezone.now() - delivery.LEAST_PAUSE
    assert time.monotonic() - begun < 5
    assert Message.objects.filter(state=MessageState.QUEUED).count() == 20
    Message.objects.update(offered_at=ago, next_attempt_at=ago)
    assert delivery.sweep() == 0
    monkeypatch.setattr(publishing.broker, "oldest", lambda queue: {})
    monkeypatch.setattr(publishing.broker, "offer", lambda pk, priority: delivery.deliver(pk=pk))
    assert delivery.sweep() == 20
    assert sorted(mail_server.message_ids) == sorted(one.message_id for one in stored)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "context",
    [
        {"link": "https://portal.example/requests/x/"},
        {"token": "short"},
        {"note": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9-0123456789"},
    ],
)
def test_it_keeps_no_link_and_no_secret(context: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no link and no secret"):
        send(context=context)


@pytest.mark.django_db
def test_it_keeps_text_and_numbers_only() -> None:
    with pytest.raises(TypeError):
        send(context={"cameras": ["Front door"]})


@pytest.mark.django_db
def test_the_database_keeps_text_and_numbers_only(offered: list[object]) -> None:
    stored = send()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=stored.pk).update(context={"cameras": ["Front door"]})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"state": "lost"},
        {"kind": "incident_outcome"},
        {"state": MessageState.SENT},
        {"state": MessageState.SENDING},
        {"state": MessageState.FAILED},
        {"to": ""},
    ],
)
def test_the_database_refuses_rows_that_contradict_themselves(change: dict[str, str], offered: list[object]) -> None:
    stored = send()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=stored.pk).update(**change)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"to": Contact("", "en")},
        {"to": Contact("nobody", "en")},
        {"to": Contact("a@b.example\nBcc: c@d.example", "en")},
        {"to": Contact("ana@home.example", "xx")},
        {"language": "xx"},
    ],
)
def test_it_refuses_what_can_not_be_delivered(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        send(**change)


@pytest.mark.django_db
def test_an_owner_who_has_left_is_not_written_to(offered: list[object]) -> None:
    assert outbox.send(kind=MessageKind.FOOTAGE_REQUEST, to=None, about=ABOUT, context={}) is None
    letters = [Letter(None, ABOUT, {}), Letter(owner(1), ABOUT, {})]
    written = outbox.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=letters)
    assert [message.to for message in written] == ["owner1@home.example"]


@pytest.mark.django_db
def test_it_is_written_in_the_language_of_its_reader_unless_another_is_asked_for(offered: list[object]) -> None:
    assert (send().language, send(language="en").language) == ("es", "en")


@pytest.mark.django_db
def test_accounts_and_registrants_are_written_to_in_the_language_that_each_chose(offered: list[object]) -> None:
    deputy, registrant = person("deputy"), registrant_at(language="es")
    assert (send(to=deputy).to, send(to=deputy).language) == (deputy.email, "en")
    assert (send(to=registrant).to, send(to=registrant).language) == (registrant.user.email, "es")


@pytest.mark.django_db
def test_it_refuses_a_kind_that_nobody_can_render(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})
    with pytest.raises(ImproperlyConfigured, match="footage_request"):
        send()


@pytest.mark.django_db
def test_withdrawing_deletes_what_is_undelivered_about_one_thing(offered: list[object]) -> None:
    gone, other = send(), send(about=Subject("request", "other"))
    assert outbox.withdraw_many(subjects=[ABOUT]) == 1
    assert list(Message.objects.all()) == [other]
    assert delivery.deliver(pk=gone.pk) is False


@pytest.mark.django_db
def test_many_are_written_in_one_statement(
    offered: list[object], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    letters = [Letter(owner(n), ABOUT, {"place": f"Oak Street {n}"}) for n in range(300)]
    with django_assert_num_queries(1):
        written = outbox.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=letters)
    assert len({one.message_id for one in written}) == Message.objects.count() == 300


@pytest.mark.django_db
def test_many_are_written_all_or_none(offered: list[object]) -> None:
    letters = [Letter(Contact(to, "en"), ABOUT, {}) for to in ("ana@home.example", "nobody")]
    with pytest.raises(ValidationError):
        outbox.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=letters)
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_withdrawing_many_leaves_the_others(offered: list[object]) -> None:
    send()
    send(about=Subject("incident", "1"))
    kept = send(about=Subject("incident", ABOUT.id))
    assert outbox.withdraw_many(subjects=[ABOUT, Subject("incident", "1")]) == 2
    assert list(Message.objects.all()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_withdrawing_is_part_of_an_act() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        outbox.withdraw_many(subjects=[ABOUT])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("owners", "calls"), [(delivery.FEW, delivery.FEW), (delivery.FEW + 1, 1)])
def test_of_many_one_task_wakes_the_sweeper(owners: int, calls: int, offered: list[object]) -> None:
    letters = [Letter(owner(n), ABOUT, {"place": f"Oak Street {n}"}) for n in range(owners)]
    with transaction.atomic():
        written = outbox.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=letters)
        assert not offered
    assert offered == ([each.pk for each in written] if calls == owners else [publishing.SWEEP])
    offered.clear()
    assert delivery.sweep() == (0 if calls == owners else owners)
    assert set(offered) == (set() if calls == owners else {each.pk for each in written})


@pytest.mark.django_db
def test_no_letter_is_no_call(offered: list[object]) -> None:
    assert outbox.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=[]) == []
    assert not offered
