"""An agency adds a sentence at each end of a message, within bounds; what the message itself says stays (R4, R9)."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import presenters, services
from fusus_portal.ground.agency.models import MessageText
from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.notifications.kinds import MessageKind, all_kinds
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from tests.factories import request_at
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db

GOOD = {
    "opening_en": "Thank you for being part of this.",
    "opening_es": "Gracias por ser parte de esto.",
    "closing_en": "Questions? Call 205-555-0100 from 8 to 5.",
    "closing_es": "¿Preguntas? Llame al 205-555-0100 de 8 a 5.",
}


def post(client: Client, step: str = "save", kind: str = "footage_request", **changes: str) -> Any:
    return client.post(reverse("message_text", args=[kind]), {**GOOD, **changes, "step": step}, follow=True)


def test_the_very_message_is_read_before_it_counts(administrator_client: Client) -> None:
    page = post(administrator_client, "look").content.decode()
    for sentence in (GOOD["opening_en"], GOOD["opening_es"], "8 to 5", "8 a 5", "You decide."):
        assert sentence in page
    assert MessageText.objects.count() == 0
    assert GOOD["opening_en"] not in presenters.sample_message(MessageKind.FOOTAGE_REQUEST, "en").text


def test_the_next_message_carries_them_and_all_that_it_must_say(administrator_client: Client) -> None:
    post(administrator_client)
    request_at("sent")
    message = Message.objects.get(kind="footage_request")
    delivery.deliver(pk=message.pk)
    letter = mail.outbox[-1]
    assert isinstance(letter, EmailMultiAlternatives)
    for part in (str(letter.body), str(letter.alternatives[0][0])):
        assert part.index("being part of this") < part.index("You decide") < part.index("from 8 to 5")
    (entry,) = entries_of(Event.MESSAGE_TEXT_CHANGED)
    assert entry.facts == {"languages": "en es"}


def test_resetting_takes_them_out_and_the_history_keeps_them(administrator_client: Client, administrator: User) -> None:
    post(administrator_client)
    for _time in range(2):
        administrator_client.post(reverse("message_reset", args=["footage_request"]))
    assert GOOD["opening_en"] not in presenters.sample_message(MessageKind.FOOTAGE_REQUEST, "en").text
    assert len(entries_of(Event.MESSAGE_TEXT_RESET)) == 1
    page = administrator_client.get(reverse("message_text", args=["footage_request"])).content.decode()
    assert GOOD["opening_en"] in page
    assert administrator.pseudonym in page


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("x" * 241, "at most 240"),
        ("See https://evil.example/x", "No link"),
        ("See evil.example for more", "No link"),
        ("Write to help@evil.example", "No link"),
        ("Hello <b>you</b>", "Plain words only"),
        ("Hello {{ link }}", "Plain words only"),
        ("Hello %(name)s", "Plain words only"),
        ("Call 205-555-0199 today", "No phone number"),
        ("Call (205) 555 0199", "No phone number"),
        ("We arrested the suspect last week.", "how an incident ended"),
        ("El sospechoso fue detenido.", "how an incident ended"),
        ("The case was solved thanks to you.", "how an incident ended"),
        ("You must answer this.", "An answer is free"),
        ("Usted debe contestar.", "An answer is free"),
        ("Right to left \u202e override", "one line of plain text"),
    ],
)
def test_what_may_not_be_said_is_refused_beside_its_field(
    sentence: str, why: str, administrator_client: Client
) -> None:
    for field in ("opening_en", "closing_es"):
        assert why in post(administrator_client, **{field: sentence}).content.decode(), field
    assert MessageText.objects.count() == 0
    assert entries_of(Event.MESSAGE_TEXT_CHANGED) == []


def test_a_sentence_is_there_in_both_languages_or_in_neither(administrator_client: Client) -> None:
    assert "both languages" in post(administrator_client, opening_es="").content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_kind_can_be_read_first(language: str) -> None:
    letters = {kind.name: presenters.sample_message(kind.name, language) for kind in all_kinds() if kind.mailed}
    assert letters
    assert [kind for kind, letter in letters.items() if not letter.subject or "{{" in letter.text] == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("footage_request", "March 2, 2026, 9 a.m. CST to March 2, 2026, 11 a.m."),
        ("footage_reminder", "by March 12, 2026, noon"),
        ("footage_reminder", "about this on Feb. 27, 2026."),
        ("account_locked", "on March 2, 2026 at noon"),
        ("registration_imported", "on March 2, 2025."),
        ("glass_overdue", "on Feb. 22, 2026."),
        ("core_offline", "at 11:40 a.m."),
        ("registration_unfinished", "started on March 1, 2026."),
        ("import_invitation", "on May 31, 2026."),
        ("footage_ending", "on April 1, 2026,"),
        ("footage_received", "until March 1, 2029,"),
    ],
)
def test_its_days_are_like_real_ones(kind: str, said: str) -> None:
    with time_machine.travel("2026-03-02T12:00:00-06:00", tick=False):
        assert said in presenters.sample_message(MessageKind(kind), "en").text


def test_a_call_of_the_service_is_held_to_the_same_bounds(administrator: User) -> None:
    texts = {"en": Added(opening="We arrested him."), "es": Added(opening="Lo vimos.")}
    with pytest.raises(ValidationError, match="how an incident ended"):
        services.change_message_texts(by=administrator, kind="footage_request", texts=texts)
    assert MessageText.objects.count() == 0


def test_an_unknown_kind_has_no_page(administrator_client: Client) -> None:
    assert administrator_client.get(reverse("message_text", args=["outcome"])).status_code == 404


def test_a_text_has_no_room_for_the_agencys_sentences(administrator_client: Client) -> None:
    assert administrator_client.get(reverse("message_text", args=["text_code"])).status_code == 404
    assert "text_code" not in administrator_client.get(reverse("message_list")).content.decode()
    assert administrator_client.post(reverse("message_reset", args=["outcome"])).status_code == 404


@pytest.mark.parametrize("role", ["resident", "deputy", "supervisor", "auditor", "clerk"])
def test_nobody_else_changes_a_message(role: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(f"{role}_client")
    assert post(client).status_code == 403
    assert client.post(reverse("message_reset", args=["footage_request"])).status_code == 403
    assert MessageText.objects.count() == 0


@pytest.mark.parametrize("at", [datetime.now(UTC), datetime(2028, 3, 12, 8, 10, tzinfo=UTC)], ids=["today", "spring"])
def test_in_a_made_up_message_what_happened_is_past_and_what_ends_is_ahead(at: datetime) -> None:
    """Also ten minutes after clocks went forward, when twenty minutes ago was 1:50."""
    with time_machine.travel(at, tick=False):
        known, now = presenters._known(), timezone.now()
    # In UTC, since no two zones are at the same time in the hour that comes twice.
    moments = {name: value.astimezone(UTC) for name, value in known.items() if isinstance(value, datetime)}
    assert {name for name, at in moments.items() if at > now} == {"expires_at", "until", "day", "kept_until"}
    assert {name for name, at in moments.items() if at == now} == {"locked_at"}
    assert moments["starts_at"] < moments["ends_at"]
