"""From the outbox to the provider of texts: neither twice nor never, and without a word in the log of the process."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.notifications import policies
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import By, Message, StoppedNumber
from fusus_portal.ground.notifications.selectors import Contact, Recipient
from fusus_portal.ground.notifications.services import delivery, outbox, text_numbers
from fusus_portal.ground.notifications.services.outbox import Letter
from fusus_portal.ground.notifications.states import MessageState
from tests.factories import person
from tests.notifications.conftest import ABOUT, message
from tests.notifications.texting import NUMBER, OTHER_NUMBER, asked, fresh, turned_on
from tests.peers.texts import SENDER, TextPeer

pytestmark = [pytest.mark.usefixtures("sample_builders", "offered"), pytest.mark.django_db]


def texted() -> Message:
    """Return the text of a request to somebody who wants it."""
    number = turned_on()
    return written(number.user)[By.TEXT]


def written(
    reader: Recipient, kind: MessageKind = MessageKind.FOOTAGE_REQUEST, *, about: Subject = ABOUT
) -> dict[str, Message]:
    """Write to somebody, and return the messages by channel."""
    with transaction.atomic():
        found = outbox.send_many(kind=kind, letters=[Letter(reader, about, {"request": "1"}, waits_for=None)])
    return {each.channel: each for each in found}


def stored(sent: Message) -> Message:
    return Message.objects.get(pk=sent.pk)


def try_again(sent: Message) -> bool:
    """Let the pause be over, and deliver it once more."""
    Message.objects.filter(pk=sent.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    return delivery.deliver(pk=sent.pk)


def lose_worker(sent: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker die after the provider took the text, and its lease be over."""

    class Killed(BaseException):
        pass

    def die(*_named: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "_mark_sent", die)
        with pytest.raises(Killed):
            delivery.deliver(pk=sent.pk)
    Message.objects.filter(pk=sent.pk).update(claimed_at=timezone.now() - delivery.LEASE - timedelta(seconds=1))
    delivery.sweep()


class TestWhoGetsIt:
    def test_a_text_comes_besides_the_mail(self, text_peer: TextPeer) -> None:
        number = turned_on()
        found = written(number.user)
        assert {channel: each.to for channel, each in found.items()} == {
            By.EMAIL: number.user.email,
            By.TEXT: NUMBER,
        }
        assert all(delivery.deliver(pk=each.pk) for each in found.values())
        (taken,) = text_peer.messages
        assert (taken["to"], taken["from"]) == (NUMBER, SENDER)
        assert "http://localhost:8000/requests/token/" in taken["body"]
        assert taken["callback"] == f"http://localhost:8000/texts/{found[By.TEXT].pk}/status/"

    @pytest.mark.parametrize(
        ("kind", "wish"),
        [
            (MessageKind.FOOTAGE_REQUEST, "requests"),
            (MessageKind.FOOTAGE_REMINDER, "requests"),
            (MessageKind.LOOKS_DIGEST, "looks"),
            (MessageKind.FOOTAGE_LOOKED_AT, "looks"),
            (MessageKind.LIVE_VIEWED, "looks"),
        ],
    )
    def test_only_what_was_wished_for_comes(self, kind: MessageKind, wish: str, text_peer: TextPeer) -> None:
        is_request = wish == "requests"
        wishing = turned_on(requests=is_request, looks=not is_request)
        not_wishing = turned_on(number=OTHER_NUMBER, requests=not is_request, looks=is_request)
        assert set(written(wishing.user, kind)) == {By.EMAIL, By.TEXT}
        assert set(written(not_wishing.user, kind)) == {By.EMAIL}

    def test_no_other_kind_comes_by_text(self, text_peer: TextPeer) -> None:
        number = turned_on()
        assert set(written(number.user, MessageKind.REQUEST_WITHDRAWN)) == {By.EMAIL}

    def test_nothing_goes_to_a_number_that_is_not_confirmed(self, text_peer: TextPeer) -> None:
        number = asked()
        assert set(written(number.user)) == {By.EMAIL}

    def test_nothing_goes_without_a_provider(self, text_peer: TextPeer, settings: Settings) -> None:
        number = turned_on()
        settings.TEXT_URL = ""
        assert set(written(number.user)) == {By.EMAIL}

    def test_it_costs_one_query_for_all_and_none_without_a_provider(
        self, text_peer: TextPeer, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        turned_on()
        letters = [Letter(Contact(f"owner{n}@home.example", "en"), ABOUT, {}) for n in range(50)]
        with django_assert_num_queries(2):
            outbox.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=letters)
        settings.TEXT_URL = ""
        with django_assert_num_queries(1):
            outbox.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=letters)

    def test_it_waits_for_no_seal_since_it_holds_no_receipt(self, text_peer: TextPeer) -> None:
        number = turned_on()
        with transaction.atomic():
            found = outbox.send_many(
                kind=MessageKind.FOOTAGE_REQUEST, letters=[Letter(number.user, ABOUT, {}, waits_for=1)]
            )
        assert {each.channel: each.waits_for for each in found} == {By.EMAIL: 1, By.TEXT: None}


class TestTheProvider:
    def test_it_takes_a_text_once_and_the_number_is_forgotten(self, text_peer: TextPeer) -> None:
        text = texted()
        assert delivery.deliver(pk=text.pk) is True
        assert delivery.deliver(pk=text.pk) is False
        assert text_peer.posts == 1
        sent = stored(text)
        assert (sent.state, sent.to, sent.context) == (MessageState.SENT, "", {})

    @pytest.mark.parametrize("kind", ["slow", "cut", "error"])
    def test_what_it_took_without_saying_so_does_not_come_twice(self, kind: str, text_peer: TextPeer) -> None:
        text = texted()
        text_peer.fault(kind)
        assert delivery.deliver(pk=text.pk) is False
        assert stored(text).state == MessageState.QUEUED
        assert len(text_peer.messages) == 1
        assert try_again(text) is True
        assert (stored(text).state, len(text_peer.messages), text_peer.posts) == (MessageState.SENT, 1, 1)

    def test_a_text_of_a_worker_that_was_killed_does_not_come_twice(
        self, text_peer: TextPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = texted()
        lose_worker(text, monkeypatch)
        assert try_again(text) is True
        assert len(text_peer.messages) == 1

    @pytest.mark.parametrize(("status", "code"), [(503, 0), (500, 20500), (429, 20429), (401, 20003), (404, 20404)])
    def test_what_can_be_mended_is_tried_again_as_mail_is(self, status: int, code: int, text_peer: TextPeer) -> None:
        text = texted()
        text_peer.fault("refuse", status=status, code=code)
        assert delivery.deliver(pk=text.pk) is False
        waiting = stored(text)
        assert (waiting.state, waiting.fault) == (MessageState.QUEUED, f"ProviderFault status {status}, code {code}")
        assert waiting.next_attempt_at > timezone.now() + delivery.PAUSES[0] - timedelta(seconds=5)
        assert try_again(text) is True
        assert len(text_peer.messages) == 1

    def test_nobody_listening_is_tried_again(self, text_peer: TextPeer, settings: Settings) -> None:
        text = texted()
        settings.TEXT_URL = "http://127.0.0.1:1/Messages.json"
        assert delivery.deliver(pk=text.pk) is False
        assert (stored(text).state, stored(text).fault) == (MessageState.QUEUED, "ProviderFault status 0, code 0")

    def test_two_requests_are_two_texts_though_they_read_alike(self, text_peer: TextPeer) -> None:
        number = turned_on()
        first = written(number.user)[By.TEXT]
        Message.objects.filter(pk=first.pk).update(queued_at=timezone.now() - timedelta(hours=1))
        assert delivery.deliver(pk=first.pk)
        second = written(number.user, about=Subject("request", "2"))[By.TEXT]
        assert delivery.deliver(pk=second.pk)
        assert len(text_peer.messages) == 2

    def test_an_older_text_that_reads_alike_is_not_taken_for_this_one(self, text_peer: TextPeer) -> None:
        number = turned_on()
        assert delivery.deliver(pk=written(number.user)[By.TEXT].pk)
        later = written(number.user, about=Subject("request", "2"))[By.TEXT]
        Message.objects.filter(pk=later.pk).update(queued_at=timezone.now() + timedelta(hours=1), attempts=1)
        assert delivery.deliver(pk=later.pk)
        assert len(text_peer.messages) == 2

    def test_a_provider_that_lists_nothing_gets_it_again(self, text_peer: TextPeer) -> None:
        text = texted()
        text_peer.tell("lists", lists=False)
        text_peer.fault("cut")
        delivery.deliver(pk=text.pk)
        assert try_again(text) is True
        assert len(text_peer.messages) == 2, "at least once"

    def test_while_it_can_not_be_told_whether_it_came_it_is_not_sent(
        self, text_peer: TextPeer, settings: Settings
    ) -> None:
        text = texted()
        text_peer.fault("cut")
        delivery.deliver(pk=text.pk)
        whole = settings.TEXT_URL
        settings.TEXT_URL = "http://127.0.0.1:1/Messages.json"
        assert try_again(text) is False
        settings.TEXT_URL = whole
        assert try_again(text) is True
        assert len(text_peer.messages) == 1

    def test_no_number_gets_into_a_log_line(
        self, text_peer: TextPeer, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        text = texted()
        with caplog.at_level(logging.DEBUG):
            text_peer.fault("refuse", status=503, code=1)
            delivery.deliver(pk=text.pk)
            settings.TEXT_URL = "http://127.0.0.1:1/Messages.json"
            try_again(text)
        said = "\n".join(
            [caplog.text, *(logging.Formatter().format(record) for record in caplog.records if record.levelno >= 20)]
        )
        assert "was not sent" in said
        assert NUMBER[2:] not in said


class TestRefused:
    def test_a_refusal_for_good_fails_at_once_and_mail_goes_on(self, text_peer: TextPeer) -> None:
        number = turned_on()
        found = written(number.user)
        text_peer.fault("refuse", status=400, code=21617)
        assert delivery.deliver(pk=found[By.TEXT].pk) is False
        assert stored(found[By.TEXT]).state == MessageState.FAILED
        assert AuditEntry.objects.get(event=Event.MESSAGE_FAILED).facts["kind"] == MessageKind.FOOTAGE_REQUEST
        assert delivery.deliver(pk=found[By.EMAIL].pk) is True
        assert fresh(number).is_on

    @pytest.mark.parametrize("code", [21211, 21614])
    def test_a_number_that_takes_no_texts_gets_none_any_more(self, code: int, text_peer: TextPeer) -> None:
        number = turned_on()
        found = written(number.user)
        waiting = written(number.user, about=Subject("request", "2"))[By.TEXT]
        text_peer.fault("refuse", status=400, code=code)
        delivery.deliver(pk=found[By.TEXT].pk)
        assert fresh(number).unreachable_at is not None
        assert not Message.objects.filter(pk=waiting.pk).exists()
        assert set(written(number.user)) == {By.EMAIL}
        entry = AuditEntry.objects.get(event=Event.TEXT_UNREACHABLE)
        assert (entry.subject_kind, entry.subject_id) == ("account", str(number.user_id))
        assert NUMBER[2:] not in str(entry.facts)

    def test_a_number_that_told_the_provider_to_stop_has_stopped(self, text_peer: TextPeer) -> None:
        number = turned_on()
        text = written(number.user)[By.TEXT]
        text_peer.fault("refuse", status=400, code=21610)
        delivery.deliver(pk=text.pk)
        assert fresh(number).stopped_at is not None
        assert StoppedNumber.objects.filter(digest=policies.digest_of(NUMBER)).exists()
        assert set(written(number.user)) == {By.EMAIL}

    def test_mail_that_is_refused_says_nothing_of_the_number(
        self, text_peer: TextPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heeded: list[Callable[..., None]] = []
        monkeypatch.setattr(text_numbers, "apply_fault", heeded.append)
        mail = message()
        Message.objects.filter(pk=mail.pk).update(to="nobody")
        delivery.deliver(pk=mail.pk)
        assert heeded == []


def test_a_person_who_leaves_takes_what_waits_along(text_peer: TextPeer) -> None:
    number = turned_on(person())
    text = written(number.user)[By.TEXT]
    with transaction.atomic():
        text_numbers.forget(account=number.user)
    assert not Message.objects.filter(pk=text.pk).exists()
    assert delivery.deliver(pk=text.pk) is False
    assert text_peer.posts == 0
