"""The cookie of a known browser: whom it is for, what it says, and when it ends."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in import tries
from tests.accounts.tries import browser_at, give_password, is_signed_in, known_browser, sign_out
from tests.people import PASSWORD, make_person, sign_in

pytestmark = pytest.mark.django_db
COOKIE = tries.COOKIE
NEW = "ten green bottles on a wall"


def is_known(browser: Client, account: User) -> bool:
    """Return whether an account is known in a browser."""
    request = HttpRequest()
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    account.refresh_from_db()
    return bool(tries.mark_of(request, account))


def people(number: int) -> list[User]:
    return [make_person("resident", f"owner.{each}@portal.example") for each in range(number)]


def test_it_is_read_by_the_portal_alone_and_sent_with_pages_of_the_account_alone(
    resident: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SESSION_COOKIE_SECURE", True)
    kept = known_browser(resident.email).cookies[COOKIE]
    assert (kept["httponly"], kept["secure"], kept["samesite"], kept["path"]) == (True, True, "Lax", reverse("account"))
    assert kept["max-age"] == 180 * 24 * 60 * 60


def test_it_tells_nobody_whose_it_is(resident: User) -> None:
    first, second = known_browser(resident.email), known_browser(resident.email)
    assert resident.email not in first.cookies[COOKIE].value
    assert str(resident.pk) not in first.cookies[COOKIE].value
    marks = [tries._kept(_with(each))[1] for each in (first, second)]
    assert len(marks[0]) == len(marks[1]) == 1
    assert marks[0] != marks[1]


def test_a_household_shares_one_and_a_sixth_takes_the_place_of_the_one_used_longest_ago() -> None:
    household, browser = people(6), browser_at("198.51.100.7")
    for account in [*household[:5], household[0], household[5]]:
        give_password(browser, account)
        sign_out(browser)
    assert [is_known(browser, account) for account in household] == [True, False, True, True, True, True]


def test_a_public_computer_keeps_none_and_forgets_the_one_it_had(resident: User) -> None:
    public = browser_at("198.51.100.7")
    give_password(public, resident, is_public="on")
    assert is_signed_in(public)
    assert COOKIE not in public.cookies
    own = known_browser(resident.email)
    give_password(own, resident, is_public="on")
    assert is_signed_in(own)
    assert not is_known(own, resident)
    assert own.cookies[COOKIE].value == ""


def test_a_public_computer_forgets_after_the_second_factor_too(deputy: User) -> None:
    from tests.accounts.codes import app_code  # noqa: PLC0415

    public = browser_at("198.51.100.7")
    give_password(public, deputy, is_public="on")
    public.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert is_signed_in(public)
    assert COOKIE not in public.cookies


def test_signing_up_leaves_none(visitor_client: Client) -> None:
    said = {"email": "new@portal.example", "role": "resident", "password1": NEW}
    visitor_client.post(reverse("account_signup"), said)
    assert COOKIE not in visitor_client.cookies


def test_a_changed_password_ends_it_everywhere_but_here(resident: User) -> None:
    elsewhere, here = known_browser(resident.email), known_browser(resident.email)
    give_password(here, resident)
    said = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post(reverse("account_change_password"), said).status_code == 302
    assert (is_known(elsewhere, resident), is_known(here, resident)) == (False, True)


def test_a_password_changed_on_a_public_computer_leaves_none(resident: User) -> None:
    public = sign_in(resident)
    said = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert public.post(reverse("account_change_password"), said).status_code == 302
    assert COOKIE not in public.cookies


@pytest.mark.parametrize("forged", ["", "made-up", '["0", ["0"]]', "WyIwIixbIjAiXV0:1vPaAa:x"])
def test_one_that_is_not_ours_makes_nobody_known(forged: str, resident: User) -> None:
    browser = browser_at("198.51.100.7")
    browser.cookies[COOKIE] = forged
    assert not is_known(browser, resident)
    give_password(browser, resident)
    assert is_signed_in(browser)
    assert is_known(browser, resident)


def test_one_of_somebody_else_makes_an_account_no_better_known(resident: User, other_resident: User) -> None:
    assert not is_known(known_browser(other_resident.email), resident)


def test_an_answer_without_a_sign_in_sets_none() -> None:
    answered = tries.answered(lambda _request: HttpResponse())(HttpRequest())
    assert COOKIE not in answered.cookies


def _with(browser: Client) -> HttpRequest:
    request = HttpRequest()
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    return request
