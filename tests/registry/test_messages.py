"""Messages of the registry in both languages, built from ids when they are rendered."""

from collections.abc import Mapping
from functools import partial

import pytest
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.channels import email_channel
from fusus_portal.ground.notifications.channels.email_channel import Rendered, render
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.links import link_actor, token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.presenters.owners import sample_request
from registry.canvasses.services import requests
from registry.limits.models import Limits
from tests.factories import LINN_PARK, canvass_at, registrant_at, request_at
from tests.registry.footage.footage import evidence_of

pytestmark = pytest.mark.django_db


def said(kind: MessageKind, context: Mapping[str, str | int], *, language: str = "en") -> Rendered:
    """Return what a message of a kind says."""
    return render(kind=kind, language=language, build=partial(kind_of(kind).build, context), number="M-0")


def rendered(kind: MessageKind, *, language: str = "en") -> Rendered:
    """Return what the only message of a kind says."""
    return said(kind, Message.objects.get(kind=kind).context, language=language)


def test_a_request_says_what_who_where_when_and_gives_the_link(deputy: User) -> None:
    request = request_at("sent", by=deputy)
    text = rendered(MessageKind.FOOTAGE_REQUEST).text
    started = timezone.localtime(request.canvass.starts_at)
    for part in (
        request.number,
        request.incident.number,
        "Burglary",
        "Linn Park, 20th Street North",
        "Camera 1",
        deputy.pseudonym,
        "205-555-0142",
        f"http://localhost:8000/requests/{token_for(request)}/",
        str(started.day),
    ):
        assert part in text
    assert request.number in rendered(MessageKind.FOOTAGE_REQUEST).subject


def test_a_request_names_only_the_owner_s_own_cameras_and_no_address() -> None:
    registrant_at(cameras=3)
    request = request_at("sent", registrant=registrant_at(cameras=1))
    context = Message.objects.get(kind=MessageKind.FOOTAGE_REQUEST, subject_id=str(request.pk)).context
    text = said(MessageKind.FOOTAGE_REQUEST, context).text
    assert "Camera 1" in text
    assert "Camera 2" not in text
    assert "600 20th" not in text


def test_the_type_is_said_in_the_reader_s_language() -> None:
    request_at("sent", registrant=registrant_at(language="es"))
    assert "Robo en un edificio" in rendered(MessageKind.FOOTAGE_REQUEST, language="es").text
    assert "Burglary" in rendered(MessageKind.FOOTAGE_REQUEST, language="en").text


def test_nothing_stored_holds_a_token() -> None:
    request = request_at("sent")
    stored = str(list(Message.objects.values()))
    assert str(request.pk) in stored
    assert token_for(request) not in stored


def test_the_deputy_reads_the_very_message_before_it_is_sent(deputy: User, other_deputy: User) -> None:
    canvass = canvass_at("draft", by=deputy)
    preview = email_channel.preview(
        kind=MessageKind.FOOTAGE_REQUEST,
        language="en",
        build=partial(sample_request, canvass, sender=other_deputy, limits=Limits.current()),
    )
    parts = [canvass.incident.number, "Burglary", "Linn Park", "R-00000000", "/requests/example/"]
    assert (other_deputy.pseudonym in preview.text, deputy.pseudonym in preview.text) == (True, False)
    for part in parts:
        assert part in preview.text
    assert not FootageRequest.objects.exists()


def test_a_deputy_without_a_number_gives_the_office_s(deputy: User) -> None:
    deputy.call_back_number = ""
    deputy.save(update_fields=["call_back_number"])
    request_at("sent", by=deputy)
    assert "205-555-0100" in rendered(MessageKind.FOOTAGE_REQUEST).text


@pytest.mark.parametrize(
    ("reminder", "says", "not_yet"), [(1, "you get one more", "last reminder"), (2, "last reminder", "one more")]
)
def test_a_reminder_asks_first_gives_the_same_link_and_says_whether_more_come(
    reminder: int, says: str, not_yet: str, deputy: User
) -> None:
    request = request_at("sent", by=deputy)
    message = said(MessageKind.FOOTAGE_REMINDER, {"request": str(request.pk), "reminder": reminder})
    lines = message.text.strip().splitlines()
    assert message.subject == f"Reminder: footage request {request.number} for incident {request.incident.number}"
    assert lines[0].startswith(f"Please answer footage request {request.number} by ")
    assert lines[-1] == f"To reach a person, call {deputy.pseudonym} at 205-555-0142 and give number {request.number}."
    assert f"http://localhost:8000/requests/{token_for(request)}/" in lines
    assert "say that you would rather not" in message.text
    assert (says in message.text, not_yet in message.text) == (True, False)


def test_a_reminder_speaks_spanish() -> None:
    request = request_at("sent")
    message = said(MessageKind.FOOTAGE_REMINDER, {"request": str(request.pk), "reminder": 2}, language="es")
    assert message.subject.startswith("Recordatorio: ")
    assert "último recordatorio" in message.text


def test_a_withdrawn_request_says_that_nothing_is_to_do() -> None:
    request = request_at("withdrawn")
    text = rendered(MessageKind.REQUEST_WITHDRAWN).text
    assert request.number in text
    assert "/requests/" not in text


@pytest.mark.parametrize(("state", "sentence"), [("footage", "gave footage"), ("none", "has no footage")])
def test_the_deputy_learns_the_answer_and_finds_the_incident(state: str, sentence: str) -> None:
    request = request_at(state)
    text = rendered(MessageKind.FOOTAGE_REPLY).text
    assert sentence in text
    assert f"http://localhost:8000/console/incidents/{request.incident_id}/" in text


def test_a_registration_is_confirmed_with_its_reference_and_the_way_back() -> None:
    registrant = registrant_at(LINN_PARK, cameras=2)
    text = rendered(MessageKind.REGISTRATION_CONFIRMED).text
    assert registrant.reference in text
    assert "2 cameras" in text
    assert "http://localhost:8000/profile/" in text


def test_received_files_are_listed_with_their_proof_and_until_when_they_are_kept() -> None:
    request = request_at("footage")
    for name, digest in (("door.mp4", "ab" * 32), ("yard.mp4", "cd" * 32)):
        evidence_of(request, name=name, digest=digest)
    message = said(MessageKind.FOOTAGE_RECEIVED, {"request": str(request.pk)})
    for part in ("door.mp4", "ab" * 32, "yard.mp4", "cd" * 32, str(timezone.now().year + 3), "keeps them at least"):
        assert part in message.text


def test_one_received_file_is_one_in_each_sentence() -> None:
    request = request_at("footage")
    evidence_of(request, name="door.mp4", digest="ab" * 32)
    text = said(MessageKind.FOOTAGE_RECEIVED, {"request": str(request.pk)}).text
    assert "One file arrived" in text
    assert "The office keeps it until" in text


def test_an_answer_by_link_tells_nobody_but_the_deputy() -> None:
    request = request_at("sent")
    Message.objects.all().delete()
    requests.answer_none(request=request, by=link_actor(request))
    assert [message.kind for message in Message.objects.all()] == [MessageKind.FOOTAGE_REPLY]
