"""Strangers who fail on purpose keep no owner out: not by wrong passwords, and not by asking for new ones."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks
from time_machine import TimeMachineFixture

from fusus_portal.ground.accounts.models import User
from tests.accounts.codes import mailed_link
from tests.accounts.tries import (
    ELSEWHERE,
    HOME,
    LIBRARY,
    WRONG,
    browser_at,
    fail,
    give_password,
    is_signed_in,
    known_browser,
    wait,
)
from tests.people import make_person

pytestmark = pytest.mark.django_db
NEW = "ten green bottles on a wall"


@pytest.fixture(autouse=True)
def _now(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-12-01 12:00Z", tick=False)


def ask(browser: Client, email: str):  # type: ignore[no-untyped-def]
    return browser.post(reverse("account_reset_password"), {"email": email})


class TestWrongPasswords:
    def test_of_another_network_keep_nobody_out(self, resident: User) -> None:
        fail(resident.email, 15, LIBRARY)
        at_home = browser_at(HOME)
        give_password(at_home, resident.email)
        assert is_signed_in(at_home)

    def test_of_the_same_network_do_not_keep_a_known_browser_out(self, resident: User) -> None:
        own = known_browser(resident.email, LIBRARY)
        fail(resident.email, 40, LIBRARY)
        give_password(own, resident.email)
        assert is_signed_in(own)

    def test_of_the_same_network_slow_an_unknown_browser_down_and_it_says_what_to_do(self, resident: User) -> None:
        fail(resident.email, 10, LIBRARY)
        unknown = browser_at(LIBRARY)
        page = give_password(unknown, resident.email).content.decode()
        assert not is_signed_in(unknown)
        assert "Wait five minutes, then try again, or choose a new password." in page
        wait(minutes=5)
        give_password(unknown, resident.email)
        assert is_signed_in(unknown)

    def test_addresses_of_one_ipv6_network_are_one(self, resident: User) -> None:
        for number in range(10):
            give_password(browser_at(f"2001:db8:1:2::{number}"), resident.email, WRONG)
        same, other = browser_at("2001:db8:1:2::99"), browser_at("2001:db8:1:3::1")
        for browser in (same, other):
            give_password(browser, resident.email)
        assert (is_signed_in(same), is_signed_in(other)) == (False, True)

    def test_of_ones_own_browser_count_there(self, resident: User) -> None:
        own = known_browser(resident.email)
        for _try in range(10):
            give_password(own, resident.email, WRONG)
        give_password(own, resident.email)
        other = browser_at(HOME)
        give_password(other, resident.email)
        assert (is_signed_in(own), is_signed_in(other)) == (False, True)

    def test_elsewhere_do_not_keep_somebody_who_is_signed_in_from_proving_it_again(
        self, resident: User, resident_client: Client
    ) -> None:
        fail(resident.email, 15, "127.0.0.1")
        answer = resident_client.post(reverse("account_reauthenticate"), {"password": "plum river seven lanterns"})
        assert answer.status_code == 302

    def test_for_another_account_of_the_network_do_not_keep_a_known_browser_out(self, resident: User) -> None:
        own = known_browser(resident.email, LIBRARY)
        for number in range(40):
            give_password(browser_at(LIBRARY), f"nobody.{number}@portal.example", WRONG)
        give_password(own, resident.email)
        assert is_signed_in(own)


class TestANewPassword:
    def test_can_be_had_whatever_a_stranger_asks_for(
        self, resident: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            asked = [ask(browser_at(ELSEWHERE), resident.email).status_code for _time in range(10)]
            answer = ask(owner := browser_at(HOME), resident.email)
        assert asked == [302] * 10
        assert answer.status_code == 302
        assert [sent.to for sent in mail.outbox] == [[resident.email]]
        chosen = owner.post(owner.get(mailed_link()).headers["Location"], {"password1": NEW, "password2": NEW})
        assert chosen.headers["Location"] == reverse("account_reset_password_from_key_done")
        give_password(owner, resident.email, NEW)
        assert is_signed_in(owner)

    def test_can_be_chosen_though_somebody_signs_in_meanwhile(
        self, resident: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        """Also by a stranger who knows the old one: the owner's link outlasts that."""
        with django_capture_on_commit_callbacks(execute=True):
            ask(owner := browser_at(HOME), resident.email)
        give_password(browser_at(ELSEWHERE), resident.email)
        assert User.objects.get(pk=resident.pk).last_login
        page = owner.get(mailed_link()).headers["Location"]
        owner.post(page, {"password1": NEW, "password2": NEW})
        give_password(owner, resident.email, NEW)
        assert is_signed_in(owner)

    def test_is_mailed_once_in_five_minutes_and_earlier_links_stay_good(
        self,
        resident: User,
        time_machine: TimeMachineFixture,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        links = []
        for minutes in (0, 4, 2):
            wait(minutes)
            time_machine.shift(timedelta(minutes=minutes))
            with django_capture_on_commit_callbacks(execute=True):
                ask(browser_at(ELSEWHERE), resident.email)
            links.append(mailed_link())
        assert len(mail.outbox) == 2
        first, again, second = links
        assert first == again != second
        owner = browser_at(HOME)
        owner.post(owner.get(first).headers["Location"], {"password1": NEW, "password2": NEW})
        resident.refresh_from_db()
        assert resident.check_password(NEW)
        assert browser_at(HOME).get(second).status_code == 200  # says that the link is used up; leads nowhere

    def test_is_answered_alike_whether_a_mail_goes_out_or_not_and_for_every_account(
        self, resident: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        make_person("deputy", "dan@agency.example")
        answers = set()
        for email in (resident.email, resident.email, "nobody@portal.example", "dan@agency.example"):
            with django_capture_on_commit_callbacks(execute=True):
                answer = ask(browser_at(HOME), email)
            answers.add((answer.status_code, answer.headers["Location"], answer.content, str(answer.cookies)))
        assert len(answers) == 1

    def test_makes_its_browser_known_and_every_other_unknown(
        self, resident: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        before, owner = known_browser(resident.email, LIBRARY), browser_at(LIBRARY)
        with django_capture_on_commit_callbacks(execute=True):
            ask(owner, resident.email)
        owner.post(owner.get(mailed_link()).headers["Location"], {"password1": NEW, "password2": NEW})
        fail(resident.email, 20, LIBRARY)
        for browser in (before, owner):
            give_password(browser, resident.email, NEW)
        assert (is_signed_in(before), is_signed_in(owner)) == (False, True)

    def test_asked_for_by_a_crowd_of_the_same_network_is_not_refused_to_a_known_browser(
        self, resident: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        own = known_browser(resident.email, LIBRARY)
        for number in range(25):
            ask(browser_at(LIBRARY), f"nobody.{number}@portal.example")
        assert ask(browser_at(LIBRARY), resident.email).status_code == 429
        with django_capture_on_commit_callbacks(execute=True):
            assert ask(own, resident.email).status_code == 302
        assert mail.outbox[-1].to == [resident.email]
