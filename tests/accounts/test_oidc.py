"""Signing in at the agency's own identity provider: a real provider in a process of its own, settings alone."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from audit.log.events import Event
from audit.log.models import AuditEntry, AuditTally
from fusus_portal.ground.accounts.models import Identity, User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.lifecycle import Refused
from tests.accounts.codes import app_code
from tests.database.operator import as_operator
from tests.peers.openid import Browser, Pair
from tests.people import make_person

BEGIN = "/account/oidc/"
CALLBACK = "/account/oidc/callback/"
SAYS_NO = "does not open an account here"
MFA = {"amr": ["pwd", "mfa"]}


@pytest.fixture
def dana(portal_db: object) -> User:
    return make_person("administrator", "dana@portal.example", name="Dana Ruiz")


def events() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("event", flat=True))


def failures() -> int:
    return sum(AuditTally.objects.filter(event=Event.SIGN_IN_FAILED).values_list("count", flat=True))


def signed_in(openid: Pair, browser: Browser | None = None, name: str = "dana") -> Browser:
    """Return a browser that came in by the provider, which asked for a second factor; the notice is acknowledged."""
    openid.provider.say(**{name: MFA})
    browser = browser or openid.browser()
    page = browser.at_provider(browser.get(BEGIN), name)
    assert "/console/notice/" in page.url, page.url
    browser.fill(page)
    return browser


def asked_at_provider(browser: Browser) -> str:
    """Return the address by which the portal sent the browser to the provider."""
    return next(step for step in browser.trail if urlsplit(step).path == "/o/authorize/")


@pytest.mark.usefixtures("dana")
class TestComingIn:
    def test_the_button_leads_to_the_provider_with_pkce_state_and_nonce(self, openid: Pair) -> None:
        browser = openid.browser()
        page = browser.get("/account/login/").text
        assert "Sign in with County ID" in page
        assert f'href="{BEGIN}"' in page
        browser.get(BEGIN)
        asked = parse_qs(urlsplit(asked_at_provider(browser)).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["response_type"] == ["code"]
        assert all(asked[name] for name in ("state", "nonce", "code_challenge"))

    def test_whom_the_provider_names_comes_in_and_stays_the_same_whatever_the_address(
        self, openid: Pair, dana: User
    ) -> None:
        page = signed_in(openid).get("/console/")
        assert page.url.endswith("/console/")
        assert page.status_code == 200
        identity = Identity.objects.get()
        assert (identity.account, identity.issuer) == (dana, openid.provider.issuer)
        assert {Event.IDENTITY_LINKED, Event.SIGNED_IN, Event.NOTICE_ACKNOWLEDGED} <= set(events())
        openid.provider.say(dana={"email": "other@portal.example"}, eve={"email": "dana@portal.example"})
        signed_in(openid)
        assert Identity.objects.get().account == dana
        browser = openid.browser()
        assert SAYS_NO in browser.at_provider(browser.get(BEGIN), "eve").text
        assert Identity.objects.count() == 1

    def test_without_a_second_factor_there_ours_is_asked(self, openid: Pair) -> None:
        browser = openid.browser()
        page = browser.at_provider(browser.get(BEGIN), "dana")
        assert page.url.endswith("/account/2fa/authenticate/")
        assert browser.get("/console/").url != f"{openid.portal.url}/console/"
        page = browser.fill(browser.get("/account/2fa/authenticate/"), code=app_code())
        assert "/console/notice/" in page.url
        assert Event.SIGNED_IN in events()


@pytest.mark.usefixtures("dana")
class TestWhoDoesNotComeIn:
    def _tries(self, openid: Pair, name: str = "dana") -> None:
        before = failures()
        browser = openid.browser()
        page = browser.at_provider(browser.get(BEGIN), name)
        assert SAYS_NO in page.text
        assert "/account/login/" in page.url
        assert "/account/login/" in browser.get("/account/").url
        assert failures() == before + 1
        assert Event.SIGNED_IN not in events()

    def test_nobody_unvouched_for_without_an_account_or_of_the_public(self, openid: Pair) -> None:
        for claims in ({"email_verified": False}, {"email_verified": None}, {"email_verified": "no"}):
            openid.provider.say(dana=claims)
            self._tries(openid)
        self._tries(openid, "eve")
        assert not User.objects.filter(email="eve@portal.example").exists()
        make_person("resident", "eve@portal.example")
        self._tries(openid, "eve")
        assert not Identity.objects.exists()

    def test_no_locked_and_no_disabled_account_also_once_linked(self, openid: Pair, dana: User) -> None:
        User.objects.filter(pk=dana.pk).update(locked_at=timezone.now())
        self._tries(openid)
        with as_operator():
            User.objects.filter(pk=dana.pk).update(locked_at=None)
        signed_in(openid)
        User.objects.filter(pk=dana.pk).update(is_active=False, disabled_at=timezone.now())
        browser = openid.browser()
        assert SAYS_NO in browser.at_provider(browser.get(BEGIN), "dana").text

    def test_nobody_with_an_answer_that_is_made_up_used_or_of_another_browser(self, openid: Pair) -> None:
        for query in ("", "?code=x&state=y", "?error=access_denied&state=y", "?code=x"):
            assert SAYS_NO in openid.browser().get(CALLBACK + query).text
        browser = openid.browser()
        browser.at_provider(browser.get(BEGIN), "dana")
        (answer,) = [step for step in browser.trail if CALLBACK in step]
        assert SAYS_NO in browser.get(answer).text
        other = openid.browser()
        other.get(BEGIN)
        assert SAYS_NO in other.get(answer).text


@pytest.mark.usefixtures("dana")
class TestProvingItOnceMore:
    PRIVILEGED = "/console/admin/people/invite/"

    def test_a_fresh_proof_there_opens_what_needs_one_and_an_old_one_is_made_anew(self, openid: Pair) -> None:
        browser = signed_in(openid)
        assert browser.get(self.PRIVILEGED).url.endswith(self.PRIVILEGED)
        openid.provider.age_sign_ins(7200)
        browser = self._come_in_again(openid, browser)
        page = browser.get(self.PRIVILEGED)
        assert "/account/reauthenticate/" in page.url
        assert "Sign in again with County ID" in page.text
        page = browser.get(f"{BEGIN}?next={self.PRIVILEGED}")
        assert "/login/" in page.url
        assert any("max_age=0" in step for step in browser.trail)
        page = browser.at_provider(page, "dana")
        assert page.url.endswith(self.PRIVILEGED)
        renewed = AuditEntry.objects.filter(event=Event.REAUTHENTICATED)
        assert [entry.facts for entry in renewed] == [{"method": "oidc"}]

    def test_somebody_else_there_proves_nothing(self, openid: Pair) -> None:
        make_person("deputy", "eve@portal.example")
        browser = signed_in(openid)
        page = browser.at_provider(browser.get(f"{BEGIN}?next={self.PRIVILEGED}"), "eve")
        assert SAYS_NO in page.text
        assert not AuditEntry.objects.filter(event=Event.REAUTHENTICATED).exists()
        assert not Identity.objects.filter(account__email="eve@portal.example").exists()

    def test_an_answer_that_is_not_fresh_proves_nothing(self, openid: Pair) -> None:
        browser = signed_in(openid)
        page = browser.get(f"{BEGIN}?next={self.PRIVILEGED}")
        openid.provider.age_sign_ins(7200)
        asked = asked_at_provider(browser)
        page = browser.get(asked.replace("prompt=login", "prompt=").replace("max_age=0", "max_age=99999"))
        assert SAYS_NO in page.text
        assert not AuditEntry.objects.filter(event=Event.REAUTHENTICATED).exists()

    def _come_in_again(self, openid: Pair, browser: Browser) -> Browser:
        """Come in once more, with the sign-in that the provider remembers."""
        again = openid.browser()
        again.session.cookies.update(
            {c.name: c.value for c in browser.session.cookies if c.name.startswith("provider")}  # type: ignore[misc]
        )
        page = again.get(BEGIN)
        assert "/console/notice/" in page.url, page.url
        again.fill(page)
        return again


@pytest.mark.django_db
class TestWithoutAProvider:
    @pytest.mark.parametrize("name", ["oidc_begin", "oidc_callback"])
    def test_its_addresses_are_not_there(self, name: str) -> None:
        assert Client().get(reverse(name)).status_code == 404

    def test_one_that_is_down_lets_nobody_in_and_breaks_nothing(self, settings: Settings) -> None:
        settings.OIDC_ISSUER = "http://127.0.0.1:9/o"
        answer = Client().get(reverse("oidc_begin"), {"next": "https://elsewhere.example/"}, follow=True)
        assert answer.redirect_chain == [(reverse("account_login"), 302)]
        assert SAYS_NO in answer.content.decode()

    @pytest.mark.parametrize("name", ["oidc_begin", "oidc_callback"])
    def test_nobody_makes_it_ask_or_fills_the_log_without_end(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        settings.OIDC_ISSUER = "http://127.0.0.1:9/o"
        monkeypatch.setattr("fusus_portal.ground.accounts.views.RATE", "2/m")
        assert [Client().get(reverse(name)).status_code for _ in range(3)] == [302, 302, 429]
        assert failures() == 2

    def test_a_resident_is_not_sent_there(self, settings: Settings, resident_client: Client) -> None:
        settings.OIDC_ISSUER = "http://127.0.0.1:9/o"
        assert resident_client.get(reverse("oidc_begin")).headers["Location"] == reverse("account")

    def test_no_button_speaks_of_one(self) -> None:
        assert reverse("oidc_begin") not in Client().get(reverse("account_login")).content.decode()


@pytest.mark.django_db
class TestRecognizing:
    def test_an_empty_address_is_nobodys(self) -> None:
        with pytest.raises(Refused):
            accounts.recognize(issuer="https://id.example", subject="1", email="")

    def test_a_subject_of_another_issuer_is_somebody_else(self) -> None:
        account = make_person("deputy", "one@portal.example")
        accounts.recognize(issuer="https://id.example", subject="1", email=account.email)
        with pytest.raises(Refused):
            accounts.recognize(issuer="https://other.example", subject="1", email="")

    def test_a_second_subject_of_the_same_issuer_does_not_get_the_account(self) -> None:
        account = make_person("deputy", "one@portal.example")
        accounts.recognize(issuer="https://id.example", subject="1", email=account.email)
        with pytest.raises(Refused):
            accounts.recognize(issuer="https://id.example", subject="2", email=account.email)
