"""Calls from the provider of texts: heeded when signed, done once however often they come, and never in a log."""

import logging
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.notifications.channels import provider
from fusus_portal.ground.notifications.channels.text_channel import fits
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import By, Message, TextNumber
from fusus_portal.ground.notifications.services import delivery, outbox
from fusus_portal.ground.notifications.services.outbox import Letter
from fusus_portal.ground.notifications.states import MessageState
from fusus_portal.ground.notifications.views import Word, answer, meant_by
from tests.factories import person
from tests.notifications.conftest import ABOUT
from tests.notifications.texting import NUMBER, OTHER_NUMBER, fresh, turned_on
from tests.peers.texts import SENDER, TextPeer

pytestmark = [pytest.mark.usefixtures("sample_builders", "offered"), pytest.mark.django_db]

SITE = "http://localhost:8000"
INBOUND = "/texts/inbound/"


def call(peer: TextPeer, path: str, form: dict[str, str], *, signature: str | None = None) -> Any:
    """Call the portal as the provider does."""
    signed = peer.signed(f"{SITE}{path}", form) if signature is None else signature
    return Client().post(path, form, headers={"X-Twilio-Signature": signed})


def says(peer: TextPeer, body: str, *, number: str = NUMBER, sid: str = "SM1", **more: str) -> HttpResponse:
    """Let somebody answer a text."""
    form = {"From": number, "To": SENDER, "Body": body, "MessageSid": sid, **more}
    response: HttpResponse = call(peer, INBOUND, form)
    assert response.status_code == 200
    return response


def sent_to(number: TextNumber) -> Message:
    """Return a text that the provider took."""
    with transaction.atomic():
        letters = [Letter(number.user, ABOUT, {"request": "1"})]
        found = outbox.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=letters)
    (text,) = [each for each in found if each.channel == By.TEXT]
    assert delivery.deliver(pk=text.pk)
    return text


def status(peer: TextPeer, text: Message, said: str, code: int = 0, *, number: str = NUMBER) -> int:
    """Let the provider say what became of a text; return the status of our answer."""
    form = {"To": number, "From": SENDER, "MessageSid": "SM1", "MessageStatus": said}
    form |= {"ErrorCode": str(code)} if code else {}
    response: HttpResponse = call(peer, reverse("text_status", args=[text.pk]), form)
    return response.status_code


def events(event: str) -> int:
    return AuditEntry.objects.filter(event=event).count()


class TestTheSignature:
    @pytest.mark.parametrize("signature", ["", "AAAA", "\N{LATIN SMALL LETTER E WITH ACUTE}"])
    def test_what_is_not_signed_changes_nothing(self, signature: str, text_peer: TextPeer) -> None:
        number = turned_on()
        form = {"From": NUMBER, "Body": "STOP", "MessageSid": "SM1"}
        assert call(text_peer, INBOUND, form, signature=signature).status_code == 403
        text = sent_to(number)
        path = reverse("text_status", args=[text.pk])
        form = {"To": NUMBER, "MessageStatus": "failed", "ErrorCode": "30006"}
        assert call(text_peer, path, form, signature=signature).status_code == 403
        assert fresh(number).is_on

    def test_a_signature_of_another_call_is_none_of_this(self, text_peer: TextPeer) -> None:
        number = turned_on()
        signed = text_peer.signed(f"{SITE}{INBOUND}", {"From": NUMBER, "Body": "HELP", "MessageSid": "SM1"})
        form = {"From": NUMBER, "Body": "STOP", "MessageSid": "SM1"}
        assert call(text_peer, INBOUND, form, signature=signed).status_code == 403
        assert fresh(number).is_on

    def test_a_signature_of_another_address_is_none_of_this(self, text_peer: TextPeer) -> None:
        form = {"From": NUMBER, "Body": "STOP", "MessageSid": "SM1"}
        signed = text_peer.signed(f"https://elsewhere.example{INBOUND}", form)
        assert call(text_peer, INBOUND, form, signature=signed).status_code == 403

    def test_signatures_are_made_as_the_provider_documents_it(self, settings: Settings) -> None:
        """The example of Twilio's page on security."""
        settings.TEXT_SIGNING_SECRET = "12345"
        form = {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+12349013030",
            "Digits": "1234",
            "From": "+12349013030",
            "To": "+18005551212",
        }
        url = "https://mycompany.com/myapp.php?foo=1&bar=2"
        assert provider.is_signed(url, form, "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")
        assert not provider.is_signed(url, {**form, "Digits": "1235"}, "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")

    @pytest.mark.parametrize("method", ["get", "put", "delete"])
    def test_only_a_post_is_a_call(self, method: str, text_peer: TextPeer) -> None:
        assert getattr(Client(), method)(INBOUND).status_code == 405

    def test_a_long_call_is_refused_unread(self, text_peer: TextPeer) -> None:
        form = {"From": NUMBER, "Body": "x" * 20_000, "MessageSid": "SM1"}
        assert call(text_peer, INBOUND, form).status_code == 413

    def test_without_a_provider_nobody_calls(self, text_peer: TextPeer, settings: Settings) -> None:
        settings.TEXT_URL = ""
        form = {"From": NUMBER, "Body": "STOP", "MessageSid": "SM1"}
        assert call(text_peer, INBOUND, form).status_code == 404

    def test_a_refused_call_leaves_no_number_in_a_log(
        self, text_peer: TextPeer, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO):
            call(text_peer, INBOUND, {"From": NUMBER, "Body": "STOP"}, signature="x")
        assert "not signed" in caplog.text
        assert NUMBER[2:] not in caplog.text


class TestAnswers:
    @pytest.mark.parametrize(
        ("body", "word"),
        [
            ("STOP", Word.STOP),
            (" stop. ", Word.STOP),
            ("Stop, please!", Word.STOP),
            ("Alto", Word.STOP),
            ("unsubscribe", Word.STOP),
            ("END", Word.STOP),
            ("End of the street, by the church", Word.OTHER),
            ("Start", Word.START),
            ("INICIO", Word.START),
            ("Help", Word.HELP),
            ("¿Ayuda?", Word.HELP),
            ("I have a video", Word.OTHER),
            ("", Word.OTHER),
            ("\N{CAMERA}", Word.OTHER),
        ],
    )
    def test_a_word_is_known_however_it_is_written(self, body: str, word: Word) -> None:
        assert meant_by(body) is word

    def test_stop_and_start_are_heeded_and_confirmed(self, text_peer: TextPeer) -> None:
        number = turned_on()
        assert "no more texts" in says(text_peer, "STOP").content.decode()
        assert not fresh(number).is_on
        assert "you get texts" in says(text_peer, "START", sid="SM2").content.decode()
        assert fresh(number).is_on

    def test_a_call_that_comes_twice_is_heeded_once(self, text_peer: TextPeer) -> None:
        number = turned_on()
        says(text_peer, "START", sid="SM1")
        says(text_peer, "STOP", sid="SM2")
        says(text_peer, "START", sid="SM1")
        assert not fresh(number).is_on, "the START that comes again is older than the STOP"
        assert "<Message>" not in says(text_peer, "STOP", sid="SM2").content.decode()
        assert events(Event.TEXTS_STOPPED) == 1

    def test_a_stop_that_could_not_be_written_is_heeded_when_it_comes_again(
        self, text_peer: TextPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = turned_on()
        form = {"From": NUMBER, "Body": "STOP", "MessageSid": "SM1"}
        signed = text_peer.signed(f"{SITE}{INBOUND}", form)
        browser = Client(raise_request_exception=False)
        with monkeypatch.context() as patched:
            patched.setattr("fusus_portal.ground.notifications.services.text_numbers.record", _no_room)
            assert browser.post(INBOUND, form, headers={"X-Twilio-Signature": signed}).status_code == 500
        assert fresh(number).is_on
        assert browser.post(INBOUND, form, headers={"X-Twilio-Signature": signed}).status_code == 200
        assert not fresh(number).is_on

    def test_help_says_whom_to_call_and_nothing_of_an_account(self, text_peer: TextPeer) -> None:
        turned_on()
        known = says(text_peer, "HELP").content
        assert b"205-555-0100" in known
        assert says(text_peer, "HELP", number=OTHER_NUMBER, sid="SM2").content == known

    def test_other_words_are_answered_the_same(self, text_peer: TextPeer) -> None:
        assert b"nobody reads this number" in says(text_peer, "I have a video").content

    def test_what_the_provider_has_answered_is_heeded_and_not_answered_again(self, text_peer: TextPeer) -> None:
        number = turned_on()
        assert b"<Message>" not in says(text_peer, "STOP", OptOutType="STOP").content
        assert not fresh(number).is_on

    def test_machines_do_not_talk_to_each_other_for_ever(self, text_peer: TextPeer) -> None:
        answers = [says(text_peer, "Thank you!", sid=f"SM{n}").content for n in range(7)]
        assert [b"<Message>" in said for said in answers] == [True] * 5 + [False] * 2

    def test_a_number_that_is_heard_too_often_can_still_stop(self, text_peer: TextPeer) -> None:
        number = turned_on()
        for n in range(7):
            says(text_peer, "Thank you!", sid=f"SM{n}")
        says(text_peer, "STOP", sid="SM9")
        assert not fresh(number).is_on

    @pytest.mark.parametrize("number", ["", "+442079460958", "SHERIFF", "+1205555011", "'; DROP TABLE--"])
    def test_who_is_no_number_is_not_answered(self, number: str, text_peer: TextPeer) -> None:
        assert b"<Message>" not in says(text_peer, "STOP", number=number).content

    def test_the_answer_is_in_the_language_of_the_account(self, text_peer: TextPeer) -> None:
        turned_on(person(language="es"))
        assert "nadie lee este numero" in says(text_peer, "AYUDA").content.decode()

    @pytest.mark.parametrize("word", Word)
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_each_answer_is_one_text_that_names_the_office(
        self, word: Word, language: str, text_peer: TextPeer
    ) -> None:
        turned_on(person(language=language))
        said = answer(word, NUMBER)
        assert said.startswith("Jefferson County Sheriff's Office: ")
        assert fits(said)


class TestWhatBecameOfAText:
    @pytest.mark.parametrize("said", ["queued", "sent", "delivered", "", "made up"])
    def test_what_is_no_failure_changes_nothing(self, said: str, text_peer: TextPeer) -> None:
        number = turned_on()
        assert status(text_peer, sent_to(number), said) == 204
        assert fresh(number).failed_at is None
        assert events(Event.TEXT_NOT_DELIVERED) == 0

    @pytest.mark.parametrize("said", ["failed", "undelivered"])
    def test_a_failure_is_an_entry_and_on_the_owner_s_page_and_texts_go_on(
        self, said: str, text_peer: TextPeer
    ) -> None:
        number = turned_on()
        text = sent_to(number)
        assert status(text_peer, text, said, 30003) == 204
        entry = AuditEntry.objects.get(event=Event.TEXT_NOT_DELIVERED)
        assert (entry.subject_id, entry.facts["code"]) == (ABOUT.id, 30003)
        assert NUMBER[2:] not in str(entry.facts)
        assert fresh(number).failed_at is not None
        assert fresh(number).is_on
        assert Message.objects.get(pk=text.pk).state == MessageState.SENT

    def test_a_landline_gets_no_more(self, text_peer: TextPeer) -> None:
        number = turned_on()
        assert status(text_peer, sent_to(number), "undelivered", 30006) == 204
        assert fresh(number).unreachable_at is not None
        assert not fresh(number).is_on
        assert events(Event.TEXT_UNREACHABLE) == 1

    def test_a_failure_that_is_told_twice_is_written_once(self, text_peer: TextPeer) -> None:
        number = turned_on()
        text = sent_to(number)
        for _time in range(3):
            assert status(text_peer, text, "undelivered", 30006) == 204
        assert (events(Event.TEXT_NOT_DELIVERED), events(Event.TEXT_UNREACHABLE)) == (1, 1)

    def test_of_a_text_that_is_gone_the_number_is_heeded(self, text_peer: TextPeer) -> None:
        number = turned_on()
        text = sent_to(number)
        Message.objects.filter(pk=text.pk).delete()
        assert status(text_peer, text, "undelivered", 30006) == 204
        assert events(Event.TEXT_NOT_DELIVERED) == 0
        assert not fresh(number).is_on

    def test_a_mail_is_no_text(self, text_peer: TextPeer) -> None:
        number = turned_on()
        text = sent_to(number)
        mail = Message.objects.get(channel=By.EMAIL, kind=text.kind)
        assert status(text_peer, mail, "failed", 30003) == 204
        assert events(Event.TEXT_NOT_DELIVERED) == 0

    @pytest.mark.parametrize("code", ["", "x", "9" * 40, "-1"])
    def test_a_code_that_is_no_number_is_zero(self, code: str, text_peer: TextPeer) -> None:
        number = turned_on()
        text = sent_to(number)
        form = {"To": NUMBER, "MessageStatus": "failed", "ErrorCode": code}
        assert call(text_peer, reverse("text_status", args=[text.pk]), form).status_code == 204
        assert AuditEntry.objects.get(event=Event.TEXT_NOT_DELIVERED).facts["code"] == 0


def _no_room(**_named: object) -> None:
    raise RuntimeError("no room for an entry")
