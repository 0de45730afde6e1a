"""Beyond a hundred wrong passwords in a day an unknown browser also types a code from the owner's mail."""

import re
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from redis import Redis
from time_machine import TimeMachineFixture

from audit.log.models import AuditEntry, AuditTally
from fusus_portal.ground.access import limits, session_rows
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in import tries
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from tests.accounts.codes import app_code, mailed_code
from tests.accounts.tries import (
    HOME,
    LIBRARY,
    WRONG,
    browser_at,
    fail,
    give_password,
    is_signed_in,
    known_browser,
    sign_out,
    wait,
)
from tests.people import PASSWORD, make_person, unconfirmed_account

pytestmark = pytest.mark.django_db
CODE_PAGE = reverse("account_confirm_login_code")
SIGN_IN_CODE = "sign_in_code"


def code_mailed() -> str:
    """Deliver what waits, and return the code of the last mail."""
    for message in Message.objects.filter(kind=SIGN_IN_CODE).exclude(state="sent"):
        assert delivery.deliver(pk=message.pk)
    return mailed_code()


def give_code(browser: Client, code: str) -> Any:
    return browser.post(CODE_PAGE, {"code": code})


class TestTheHundredAndFirst:
    def test_asks_an_unknown_browser_for_the_code_and_a_known_one_for_nothing_more(self, resident: User) -> None:
        own = known_browser(resident.email)
        fail(resident.email, 100)
        stranger = browser_at(LIBRARY)
        assert give_password(stranger, resident.email).headers["Location"] == CODE_PAGE
        assert not is_signed_in(stranger)
        give_password(own, resident.email)
        assert is_signed_in(own)
        assert give_code(stranger, code_mailed()).headers["Location"] == reverse("profile")
        assert is_signed_in(stranger)

    def test_and_not_one_before(self, resident: User) -> None:
        _spend_a_day(resident.email, 99)
        browser = browser_at(HOME)
        give_password(browser, resident.email)
        assert is_signed_in(browser)

    def test_right_passwords_do_not_count(self, resident: User) -> None:
        _spend_a_day(resident.email, 99)
        for _time in range(2):
            give_password(browser := browser_at(HOME), resident.email)
        assert is_signed_in(browser)

    def test_is_forgotten_after_a_day(self, resident: User) -> None:
        _spend_a_day(resident.email)
        wait(minutes=24 * 60)
        browser = browser_at(HOME)
        give_password(browser, resident.email)
        assert is_signed_in(browser)

    def test_in_a_known_browser_of_its_own_asks_for_the_code_there(self, resident: User) -> None:
        own = known_browser(resident.email)
        give_password(own, resident.email, WRONG)
        [place] = Redis.from_url(settings.REDIS_URL).scan_iter("limit:sign_in_failed_today:*:*")
        for _failure in range(99):
            limits.spend("sign_in_failed_today", tries.FAILURES_OF_A_DAY, place.decode().split(":", 2)[2])
        assert give_password(own, resident.email).headers["Location"] == CODE_PAGE
        other = browser_at(LIBRARY)
        give_password(other, resident.email)
        assert is_signed_in(other)

    def test_leaves_the_second_factor_of_a_deputy_where_it_is(self, deputy: User) -> None:
        _spend_a_day(deputy.email)
        browser = browser_at(HOME)
        assert give_password(browser, deputy.email).headers["Location"] == CODE_PAGE
        assert give_code(browser, code_mailed()).headers["Location"] == reverse("mfa_authenticate")
        browser.post(reverse("mfa_authenticate"), {"code": app_code()})
        assert is_signed_in(browser)


class TestTheCode:
    @pytest.fixture
    def asked(self, resident: User) -> Client:
        """Return a browser where the right password was given, and the code is asked for."""
        _spend_a_day(resident.email)
        browser = browser_at(HOME)
        give_password(browser, resident.email)
        return browser

    def test_makes_the_browser_known(self, resident: User, asked: Client) -> None:
        give_code(asked, code_mailed())
        sign_out(asked)
        give_password(asked, resident.email)
        assert is_signed_in(asked)

    def test_has_five_tries(self, asked: Client) -> None:
        code = code_mailed()
        answers = [give_code(asked, "BCDF-GHJK").status_code for _try in range(5)]
        assert answers == [200] * 4 + [302]
        give_code(asked, code)
        assert not is_signed_in(asked)

    def test_lasts_fifteen_minutes(self, resident: User, time_machine: TimeMachineFixture) -> None:
        time_machine.move_to("2026-12-01 12:00Z", tick=False)
        _spend_a_day(resident.email)
        early, late = browser_at(HOME), browser_at(HOME)
        codes = []
        for browser in (early, late):
            give_password(browser, resident.email)
            codes.append(code_mailed())
        for browser, code, minutes in zip((early, late), codes, (14, 2), strict=True):
            time_machine.shift(timedelta(minutes=minutes))
            give_code(browser, code)
        assert (is_signed_in(early), is_signed_in(late)) == (True, False)

    def test_opens_the_browser_that_asked_and_once(self, resident: User, asked: Client) -> None:
        code = code_mailed()
        other = browser_at(LIBRARY)
        give_password(other, resident.email)
        give_code(other, code)
        assert not is_signed_in(other)
        give_code(asked, code)
        sign_out(asked)
        give_code(asked, code)
        assert not is_signed_in(asked)

    def test_is_written_nowhere(self, asked: Client) -> None:
        stored = [str(session.get_decoded()) for session in Session.objects.all()]
        stored += [str(message.context) for message in Message.objects.all()]
        stored += [str(entry.facts) for entry in AuditEntry.objects.all()]
        code = code_mailed()
        assert stored
        assert not [text for text in stored if code in text or code.replace("-", "") in text]

    def test_is_mailed_six_times_an_hour_at_most(self, resident: User) -> None:
        _spend_a_day(resident.email)
        for number in range(9):
            give_password(browser_at(f"10.8.8.{number}"), resident.email)
        assert Message.objects.filter(kind=SIGN_IN_CODE).count() == 6

    def test_is_an_entry_that_the_account_is_named_in(self, resident: User, asked: Client) -> None:
        entry = AuditEntry.objects.get(event="accounts:session:code")
        assert (entry.subject_id, entry.actor_kind) == (str(resident.pk), "visitor")

    def test_that_is_wrong_is_a_failed_sign_in(self, asked: Client) -> None:
        before = _failures()
        give_code(asked, "BCDF-GHJK")
        assert _failures() == before + 1


class TestAStranger:
    """Learns nothing of the account and the password before the code."""

    def test_is_answered_alike_with_any_password_and_for_every_account(self, resident: User) -> None:
        locked = make_person("deputy", "locked@portal.example")
        User.objects.filter(pk=locked.pk).update(locked_at="2026-01-01T00:00Z")
        unconfirmed = unconfirmed_account("unconfirmed@portal.example", PASSWORD)
        tried = [
            (resident.email, PASSWORD),
            (resident.email, WRONG),
            ("nobody@portal.example", PASSWORD),
            (locked.email, PASSWORD),
            (unconfirmed.email, PASSWORD),
        ]
        seen = set()
        for email, password in tried:
            _spend_a_day(email)
            seen.add(_walk(browser_at(HOME), email, password))
        assert len(seen) == 1

    def test_finds_no_code_that_opens_after_a_wrong_password(self, resident: User) -> None:
        _spend_a_day(resident.email)
        browser = browser_at(HOME)
        give_password(browser, resident.email, WRONG)
        assert not Message.objects.exists()
        for code in ("", "None", "BCDF-GHJK"):
            give_code(browser, code)
        assert not is_signed_in(browser)

    def test_waits_as_long_for_each_answer(self, resident: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings, "EVEN_ANSWER_SECONDS", 0.25)
        slept: list[float] = []
        monkeypatch.setattr(time, "sleep", slept.append)
        _spend_a_day(resident.email)
        for password in (PASSWORD, WRONG):
            browser = browser_at(HOME)
            give_password(browser, resident.email, password)
            give_code(browser, "BCDF-GHJK")
        assert len(slept) == 4

    def test_is_asked_for_before_a_password_is_checked_where_no_session_can_be_made(
        self, deputy: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Otherwise the failure would be taken back with the answer, and a lock that it brings."""
        _spend_a_day(deputy.email)
        monkeypatch.setattr(session_rows, "NEW_SESSIONS", "0/h")
        checked: list[str] = []
        monkeypatch.setattr(User, "check_password", lambda _user, password: checked.append(password))
        for _time in range(2):
            assert give_password(browser_at(HOME), deputy.email, WRONG).status_code == 429
        assert checked == []

    def test_may_start_again_from_the_code_page(self, resident: User) -> None:
        _spend_a_day(resident.email)
        browser = browser_at(HOME)
        give_password(browser, resident.email, WRONG)
        assert browser.get(reverse("account_login")).status_code == 200


def _spend_a_day(email: str, failures: int = 100) -> None:
    """Let an address have so many failures; with a hundred the next one needs a code."""
    for _failure in range(failures):
        with suppress(limits.TooManyRequests):  # it had some before
            limits.spend(*tries.of_a_day(tries.digest_of(email)))


def _failures() -> int:
    return sum(AuditTally.objects.filter(event="accounts:session:fail").values_list("count", flat=True))


def _walk(browser: Client, email: str, password: str) -> tuple[object, ...]:
    """Return all that somebody sees on the way from the sign-in to the last wrong code."""
    answers = [give_password(browser, email, password), browser.get(CODE_PAGE)]
    answers += [give_code(browser, "BCDF-GHJK") for _try in range(5)]
    answers.append(browser.get(reverse("account_login")))
    return tuple(
        (
            answer.status_code,
            answer.headers.get("Location"),
            _without_changing(answer.content.decode(), email),
            tuple(sorted(answer.cookies)),
        )
        for answer in answers
    )


def _without_changing(page: str, email: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.replace(email, "ADDRESS"))
