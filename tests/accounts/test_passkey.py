"""A passkey, from setting it up to signing in with it, in a real browser with a virtual authenticator."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from fusus_portal.ground.accounts.models import User
from tests.browser import accessibility
from tests.browser.chromium import running_chromium
from tests.people import PASSWORD, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}
OF_A_PASSKEY = {
    "mfa_list_webauthn": False,
    "mfa_edit_webauthn": True,
    "mfa_remove_webauthn": True,
    "mfa_reauthenticate_webauthn": False,
}
"""Pages that only somebody with a passkey sees, and whether their address names it."""


@pytest.fixture
def page() -> Iterator[Page]:
    with running_chromium() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        yield page


@pytest.fixture
def new_deputy(transactional_db: None) -> User:
    return make_person("deputy", "new@agency.example", second_factor=False)


def sign_in_by_hand(page: Page, address: str, account: User) -> None:
    page.goto(f"{address}/console/")
    page.get_by_role("button", name="I have read this and agree").click()
    page.get_by_label("E-mail address").fill(account.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_deputy_sets_it_up_and_signs_in_with_it(page: Page, live_server: LiveServer, new_deputy: User) -> None:
    address = live_server.url.replace("127.0.0.1", "localhost")
    sign_in_by_hand(page, address, new_deputy)
    page.get_by_role("link", name="Add a passkey").click()
    page.wait_for_url("**/webauthn/add/")  # its script is there only when the page has loaded
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(lambda address: "/webauthn/add/" not in address)
    key = Authenticator.objects.get(user=new_deputy, type="webauthn")
    for name, named in OF_A_PASSKEY.items():
        page.goto(address + reverse(name, args=[key.pk] if named else []))
        accessibility.check(page)
    page.goto(f"{address}/account/2fa/")
    page.get_by_role("link", name="Go to the console").click()
    page.wait_for_url(f"{address}/console/")

    page.get_by_text("Menu").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{address}/")
    sign_in_by_hand(page, address, new_deputy)
    page.wait_for_url("**/2fa/authenticate/")
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.wait_for_url(f"{address}/console/")
    assert Authenticator.objects.filter(user=new_deputy, type="webauthn", last_used_at__isnull=False).count() == 1
