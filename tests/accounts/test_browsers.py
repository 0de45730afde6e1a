"""A person reads where they are signed in by the name of the browser, not by its header."""

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse

from fusus_portal.ground.accounts.templatetags.browsers import browser_words
from tests.factories import person
from tests.people import sign_in

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/130.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (CHROME, "Chrome on Windows"),
        (f"{CHROME} Edg/130.0.0.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {WEBKIT} Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/130.0 Safari/537.36", "Chrome on Chromebook"),
        (f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{IPHONE} CriOS/130.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
        ("curl/8.5.0", "A browser that does not say its name"),
        ("", "A browser that does not say its name"),
        ("Mozilla/5.0 (Macintosh)", "Mac"),
    ],
)
def test_a_header_in_words(header: str, words: str) -> None:
    assert browser_words(header) == words


@pytest.mark.django_db
def test_the_page_names_the_browser() -> None:
    clerk = person("clerk")
    browser = sign_in(clerk)
    key = browser.session.session_key
    UserSession.objects.update_or_create(
        session_key=key, defaults={"user": clerk, "ip": "192.0.2.1", "user_agent": CHROME}
    )
    page = browser.get(reverse("usersessions_list")).content.decode()
    assert "Chrome on Windows" in page
    assert "Mozilla" not in page
