"""R11: a request says what happened, where, when, who asks and how to reach them, and the reply goes to that person."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.models import FootageRequest
from registry.incidents.services import incidents
from tests.factories import incident_at, registrant_at
from tests.people import sign_in
from tests.registry.canvasses.test_canvass_pages import drawn

pytestmark = pytest.mark.django_db


def ask(browser: Client, deputy: User) -> FootageRequest:
    """Draw, look and send in the console, and return the request of the only owner."""
    incident = incident_at(by=deputy)
    answer = browser.post(reverse("canvass_new", args=[incident.pk]), drawn(incident))
    canvass = incident.canvasses.get()
    assert answer.headers["Location"] == reverse("canvass", args=[canvass.pk])
    browser.post(reverse("canvass_send", args=[canvass.pk]))
    return FootageRequest.objects.select_related("incident", "canvass").get(canvass=canvass)


def letter(language: str = "en") -> str:
    """Return what the owner reads in the message."""
    message = Message.objects.get(kind=MessageKind.FOOTAGE_REQUEST)
    message.language = language
    return letter_of(message).text


def link(text: str) -> str:
    """Return the path of the link in a message."""
    found = re.search(r"https?://[^/]+(/requests/[^\s]+/)", text)
    assert found
    return found[1]


@pytest.mark.parametrize("language", ["en", "es"])
def test_message_and_page_name_all_of_it(
    deputy: User, deputy_client: Client, visitor_client: Client, language: str
) -> None:
    registrant_at(language=language)
    asked = ask(deputy_client, deputy)
    message = letter(language)
    page = visitor_client.get(link(message)).content.decode()
    purpose = "Identificar un vehículo" if language == "es" else "Identify a vehicle"
    with translation.override(language):
        badge = deputy.badge
    begins, ends = (timezone.localtime(at) for at in (asked.canvass.starts_at, asked.canvass.ends_at))
    for said in (message, page):
        for part in (
            asked.number,
            asked.incident.number,
            asked.incident.place,
            badge,
            "205-555-0142",
            purpose,
            f"{begins.minute:02}",
            f"{ends.minute:02}",
            str(begins.day),
        ):
            assert part in said
        assert deputy.email not in said
        assert asked.canvass.reason not in said


def test_a_deputy_without_a_number_of_their_own_is_reached_through_the_office(
    deputy: User, deputy_client: Client
) -> None:
    User.objects.filter(pk=deputy.pk).update(call_back_number="")
    registrant_at()
    ask(deputy_client, deputy)
    assert "205-555-0100" in letter()


@pytest.mark.parametrize("answer", ["reply_none", "reply_decline"])
def test_the_reply_goes_to_that_deputy_and_to_nobody_else(
    deputy: User, deputy_client: Client, other_deputy: User, supervisor: User, answer: str
) -> None:
    registrant_at()
    asked = ask(deputy_client, deputy)
    incidents.assign(incident=asked.incident, user=other_deputy, by=supervisor)
    path = link(letter())
    Client().post(f"{path}{'none' if answer == 'reply_none' else 'decline'}/")
    told = list(Message.objects.filter(kind=MessageKind.FOOTAGE_REPLY).values_list("to", flat=True))
    assert told == ([deputy.email] if answer == "reply_none" else [])
    assert other_deputy.email not in Message.objects.values_list("to", flat=True)


def test_it_names_the_person_who_sent_it_not_the_one_who_drew_it(
    deputy: User, deputy_client: Client, other_deputy: User, supervisor: User
) -> None:
    registrant_at()
    incident = incident_at(by=deputy)
    deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident))
    incidents.assign(incident=incident, user=other_deputy, by=supervisor)
    canvass = incident.canvasses.get()
    sign_in(other_deputy).post(reverse("canvass_send", args=[canvass.pk]))
    assert other_deputy.pseudonym in letter()
    assert deputy.pseudonym not in letter()


def test_a_forged_or_foreign_link_tells_nothing(deputy: User, deputy_client: Client, visitor_client: Client) -> None:
    registrant_at()
    asked = ask(deputy_client, deputy)
    forged = visitor_client.get(reverse("reply", args=["A" * 64]))
    assert forged.status_code == 404
    assert asked.number not in forged.content.decode()
