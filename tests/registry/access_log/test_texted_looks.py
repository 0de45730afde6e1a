"""Looks by text: when the mail goes, to owners who want it, without a word of what was done, delayed or not."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import By, Message
from fusus_portal.ground.notifications.services import delivery
from registry.access_log import services
from registry.access_log.models import Rhythm
from registry.registrants.models import Registrant
from tests.factories import draft_of, incident_at, registrant_at
from tests.notifications.texting import NUMBER, turned_on
from tests.peers.texts import TextPeer
from tests.registry.access_log.delays import case_of, delayed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_peer")]

WHOLE = (
    "Jefferson County Sheriff's Office: there is something new on your list of who looked: "
    "http://localhost:8000/profile/looks/"
)
SOON, IN_TIME = timedelta(minutes=10), timedelta(minutes=20)


@pytest.fixture
def owner() -> Registrant:
    """Return an owner who wants to hear of each look, by mail and by text."""
    registrant = registrant_at()
    services.tell_looks()
    services.change_notices(registrant=registrant, by=registrant.user, searches=Rhythm.EACH, footage=Rhythm.EACH)
    turned_on(registrant.user)
    return registrant


def after(time: timedelta) -> list[str]:
    """Write what is due then; return the channels of all that was written."""
    with time_machine.travel(timezone.now() + time):
        services.tell_looks()
    written = Message.objects.filter(kind=MessageKind.LOOKS_DIGEST)
    return sorted(written.values_list("channel", flat=True))


def text_of(peer: TextPeer) -> str:
    """Send the text, and return it."""
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert delivery.deliver(pk=Message.objects.get(channel=By.TEXT).pk)
    return str(peer.messages[-1]["body"])


def test_it_waits_as_the_mail_does(owner: Registrant) -> None:
    draft_of(incident_at())
    assert after(SOON) == []
    assert after(IN_TIME) == [By.EMAIL, By.TEXT]
    assert after(2 * IN_TIME) == [By.EMAIL, By.TEXT]


def test_who_wants_no_mail_of_it_gets_no_text(owner: Registrant) -> None:
    services.change_notices(registrant=owner, by=owner.user, searches=Rhythm.NONE, footage=Rhythm.NONE)
    draft_of(incident_at())
    assert after(timedelta(days=9)) == []


def test_it_leads_to_the_list_and_says_nothing_of_who_and_why(owner: Registrant, text_peer: TextPeer) -> None:
    canvass = draft_of(incident_at())
    after(IN_TIME)
    assert text_of(text_peer) == WHOLE
    for untold in (canvass.incident.number, canvass.created_by.pseudonym, canvass.incident.place, "Camera 1"):
        assert untold not in WHOLE
    assert text_peer.messages[-1]["to"] == NUMBER


def test_what_is_delayed_reads_no_other_way(owner: Registrant, text_peer: TextPeer) -> None:
    delayed(case_of(owner))
    assert after(IN_TIME) == [By.EMAIL, By.TEXT]
    assert text_of(text_peer) == WHOLE
