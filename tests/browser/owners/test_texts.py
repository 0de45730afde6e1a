"""Text messages from the profile on: number, code, choice, STOP, off. On a phone, in both languages, without script."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from fusus_portal.ground.notifications.models import TextNumber
from fusus_portal.ground.notifications.services import delivery
from tests.browser.sizes import DESKTOP, HANDHELD, NARROWEST
from tests.browser.window import Window
from tests.factories import person, registrant_at
from tests.notifications.texting import code_texts
from tests.peers.texts import SENDER, TextPeer
from tests.peers.web import WebServer

pytestmark = pytest.mark.browser


@pytest.fixture
def window(how: dict[str, Any], texting_portal: WebServer, chromium: Browser) -> Iterator[Window]:
    """Open a window on the portal that has a provider; in the end nothing wrong may have happened in it."""
    opened = Window(chromium, texting_portal.url, who="owner", **how)
    yield opened
    opened.close()
    assert opened.problems == []


@pytest.mark.parametrize(
    "how",
    [
        {"size": HANDHELD, "language": "es", "script": True},
        pytest.param({"size": HANDHELD, "language": "en", "script": True}, marks=pytest.mark.long),
        pytest.param({"size": NARROWEST, "language": "es", "script": False}, marks=pytest.mark.long),
        pytest.param({"size": DESKTOP, "language": "en", "script": True}, marks=pytest.mark.long),
    ],
)
def test_texts_are_turned_on_stopped_and_turned_off(window: Window, text_peer: TextPeer) -> None:
    language = window.language
    owner = registrant_at(user=person(language=language), language=language)
    window.is_signed_in_as(owner.user)
    window.context.add_cookies([{"name": "django_language", "value": language, "url": window.url}])
    window.open("/profile/account/")
    window.follow("Text messages")
    window.arrives("Text messages")
    window.follow("Turn text messages on")
    gives_a_number(window)
    types_the_code(window, text_peer)
    window.reads(window.says("Text messages go to %(number)s, besides our e-mail.", number="205-555-0117"))
    window.looks()
    stops(window, text_peer)
    window.press("Turn text messages off")
    window.reads("Text messages are off. We write to you by e-mail as before.")
    window.looks()
    assert not TextNumber.objects.exists()


def gives_a_number(window: Window) -> None:
    """Give a landline's number that can't be one first, then the right one, which is there already."""
    window.looks()
    mine = window.page.locator("[name=number]")
    assert mine.input_value() == "205-555-0117"
    mine.fill("911")
    window.press("Send me a code")
    window.reads("Type a mobile number of the United States with ten digits, for example 205-555-0117.")
    window.looks()
    window.page.locator("[name=number]").fill("205-555-0117")
    window.press("Send me a code")
    sent = "We sent a code to %(number)s. Type it here within %(minutes)s minutes; texts begin then."
    window.reads(window.says(sent, number="205-555-0117", minutes=10))
    window.looks()


def types_the_code(window: Window, peer: TextPeer) -> None:
    """Type a wrong code, and then the one that came."""
    window.page.locator("[name=code]").fill("12")
    window.press("Turn text messages on")
    window.page.locator(".usa-error-message").first.wait_for()
    window.looks()
    assert all(delivery.deliver(pk=text.pk) for text in code_texts())
    code = next(word.strip(".") for word in peer.messages[-1]["body"].split() if word.strip(".").isdigit())
    window.page.locator("[name=code]").fill(code)
    window.press("Turn text messages on")


def stops(window: Window, peer: TextPeer) -> None:
    """Answer STOP by phone, and read it on the page."""
    said = {"From": "+12055550117", "To": SENDER, "Body": "STOP", "MessageSid": "SM1"}
    (answer,) = peer.call(f"{window.url}/texts/inbound/", said)
    assert answer["status"] == 200
    window.open("/profile/texts/")
    window.page.locator(".usa-alert--warning").wait_for()
    window.looks()
