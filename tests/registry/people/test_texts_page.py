"""The page of text messages: on with password and code, off with one press, and its owner reads how it is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.notifications import policies
from fusus_portal.ground.notifications.channels.contract import AddressFault
from fusus_portal.ground.notifications.models import By, Message, TextNumber
from fusus_portal.ground.notifications.services import text_numbers
from registry.registrants.models import Registrant
from tests.factories import person, registrant_at
from tests.notifications.texting import NUMBER, OTHER_NUMBER, asked, fresh, offered, turned_on
from tests.people import sign_in

pytestmark = pytest.mark.django_db

WISHES = {"requests": "on", "looks": "on"}


@pytest.fixture(autouse=True)
def provider_is_set() -> Iterator[None]:
    """Let the office have a provider."""
    with offered():
        yield


def make_world() -> Registrant:
    """Return an owner."""
    return registrant_at()


@pytest.fixture
def owner(world: Registrant) -> Registrant:
    return world


@pytest.fixture
def browser(owner: Registrant) -> Client:
    """Return the owner's browser, signed in just now."""
    return sign_in(owner.user)


def page(browser: Client, name: str = "texts") -> str:
    return browser.get(reverse(name)).content.decode()


def type_number(browser: Client, number: str = "205-555-0117", **more: str) -> str:
    """Type a number, and return the page that follows."""
    return browser.post(reverse("texts_number"), {"number": number, **WISHES, **more}, follow=True).content.decode()


def type_code(browser: Client, code: str) -> str:
    return browser.post(reverse("texts"), {"code": code}, follow=True).content.decode()


def test_number_code_on(owner: Registrant, browser: Client) -> None:
    assert "Turn text messages on" in page(browser)
    assert owner.phone in page(browser, "texts_number")
    assert "We sent a code to 205-555-0117" in type_number(browser)
    number = TextNumber.objects.get()
    assert not number.is_on
    said = type_code(browser, policies.code_of(number))
    assert "Text messages are on." in said
    assert "Text messages go to 205-555-0117" in said
    assert fresh(number).is_on


def test_one_press_turns_them_off(owner: Registrant, browser: Client) -> None:
    turned_on(owner.user)
    said = browser.post(reverse("texts_off"), follow=True).content.decode()
    assert "Text messages are off." in said
    assert "Turn text messages on" in said
    assert not TextNumber.objects.exists()


def test_giving_a_number_asks_for_the_password_and_turning_off_does_not(owner: Registrant, browser: Client) -> None:
    turned_on(owner.user)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        asked_again = browser.post(reverse("texts_number"), {"number": "205-555-0118", **WISHES})
        assert asked_again.headers["Location"].startswith(reverse("account_reauthenticate"))
        assert TextNumber.objects.get().number == NUMBER
        browser.post(reverse("texts_off"))
    assert not TextNumber.objects.exists()


def test_a_wrong_code_says_how_often_one_may_try_again(owner: Registrant, browser: Client) -> None:
    asked(owner.user)
    assert "4 more tries" in type_code(browser, "x")


@pytest.mark.parametrize("number", ["800-555-0100", "911", "+44 20 7946 0958", ""])
def test_a_number_that_gets_no_texts_is_refused_beside_its_field(number: str, browser: Client) -> None:
    said = type_number(browser, number)
    assert "usa-error-message" in said
    assert not TextNumber.objects.exists()


def test_all_that_is_wrong_is_said_at_once(browser: Client) -> None:
    said = browser.post(reverse("texts_number"), {"number": "911"}).content.decode()
    assert "Type a mobile number" in said
    assert "Choose at least one." in said


def test_what_is_wanted_is_chosen_and_can_not_be_nothing(owner: Registrant, browser: Client) -> None:
    number = turned_on(owner.user)
    browser.post(reverse("texts_choose"), {"looks": "on"})
    assert (fresh(number).requests, fresh(number).looks) == (False, True)
    said = browser.post(reverse("texts_choose"), {})
    assert said.status_code == 422
    assert "Choose at least one." in said.content.decode()
    assert fresh(number).looks


def test_another_number_begins_with_what_was_wanted_before(owner: Registrant, browser: Client) -> None:
    turned_on(owner.user, requests=False, looks=True)
    form = browser.get(reverse("texts_number")).context["form"]
    assert (form["requests"].value(), form["looks"].value()) == (False, True)


def test_a_stop_is_on_the_owner_s_page_with_how_it_ends(owner: Registrant, browser: Client) -> None:
    turned_on(owner.user)
    text_numbers.stop(number=NUMBER)
    said = page(browser)
    assert "This number answered STOP on" in said
    assert "text START to 205-555-0199" in said
    assert "Text messages go to" not in said


def test_a_landline_and_a_failure_are_on_the_owner_s_page(owner: Registrant, browser: Client) -> None:
    turned_on(owner.user)
    text_numbers.apply_fault(number=NUMBER, verdict=AddressFault.NONE)
    assert "a text did not reach you" in page(browser)
    assert "Text messages go to" in page(browser)
    text_numbers.apply_fault(number=NUMBER, verdict=AddressFault.UNREACHABLE)
    assert "it is a landline" in page(browser)


def test_a_code_that_did_not_arrive_is_said_where_it_is_waited_for(owner: Registrant, browser: Client) -> None:
    asked(owner.user)
    text_numbers.apply_fault(number=NUMBER, verdict=AddressFault.NONE)
    assert "The text with the code did not arrive." in page(browser)
    text_numbers.apply_fault(number=NUMBER, verdict=AddressFault.UNREACHABLE)
    assert "it is a landline" in page(browser)


class TestThreeCodesADay:
    def test_for_an_account(self, browser: Client) -> None:
        for number in ("205-555-0110", "205-555-0111", "205-555-0112"):
            assert "We sent a code" in type_number(browser, number)
        assert "Three codes were sent today" in type_number(browser, "205-555-0113")
        assert TextNumber.objects.get().number == "+12055550112"

    def test_for_a_number_in_any_account(self) -> None:
        for host in ("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"):
            browser = sign_in(registrant_at().user, Client(REMOTE_ADDR=host))
            said = type_number(browser)
        assert "Three codes were sent today" in said
        assert TextNumber.objects.count() == 3

    def test_for_a_network(self) -> None:
        for last in range(4):
            said = type_number(sign_in(registrant_at().user), f"205-555-011{last}")
        assert "Three codes were sent today" in said
        assert TextNumber.objects.count() == 3

    def test_a_new_code_for_the_same_number_counts_too(self, owner: Registrant, browser: Client) -> None:
        type_number(browser)
        before = policies.code_of(TextNumber.objects.get())
        for _time in range(2):
            assert "We sent a new code." in browser.post(reverse("texts_again"), follow=True).content.decode()
        assert policies.code_of(TextNumber.objects.get()) != before
        assert "Three codes" in browser.post(reverse("texts_again"), follow=True).content.decode()

    def test_a_mistyped_number_costs_none(self, browser: Client) -> None:
        for _time in range(5):
            type_number(browser, "911")
        assert "We sent a code" in type_number(browser)


def test_a_new_code_is_sent_to_a_number_that_waits_alone(owner: Registrant, browser: Client) -> None:
    assert browser.post(reverse("texts_again")).status_code == 302
    number = turned_on(owner.user)
    browser.post(reverse("texts_again"))
    assert fresh(number).is_on
    assert not Message.objects.filter(channel=By.TEXT).exists()


@pytest.mark.parametrize("name", ["profile_account", "contact"])
def test_the_profile_leads_there(name: str, browser: Client) -> None:
    assert reverse("texts") in page(browser, name)


class TestWithoutAProvider:
    @pytest.fixture(autouse=True)
    def nothing_is_set(self, settings: object) -> None:
        settings.TEXT_URL = ""  # type: ignore[attr-defined]

    @pytest.mark.parametrize("name", ["profile_account", "contact"])
    def test_no_page_offers_it(self, name: str, browser: Client) -> None:
        said = page(browser, name)
        assert reverse("texts") not in said
        assert "text message" not in said.lower()

    @pytest.mark.parametrize("name", ["texts", "texts_number", "texts_again", "texts_choose"])
    def test_its_pages_are_not_there(self, name: str, browser: Client) -> None:
        assert browser.post(reverse(name), {"number": "205-555-0117", **WISHES}).status_code == 404
        assert not TextNumber.objects.exists()

    def test_a_number_of_before_can_still_be_forgotten(self, owner: Registrant, browser: Client) -> None:
        with offered():
            turned_on(owner.user)
        assert browser.post(reverse("texts_off")).status_code == 302
        assert not TextNumber.objects.exists()


def test_spanish_is_spanish() -> None:
    browser = sign_in(registrant_at(user=person(language="es"), language="es").user)
    browser.cookies["django_language"] = "es"
    assert "Activar los mensajes de texto" in page(browser)
    assert "Envíenme un código" in page(browser, "texts_number")


def test_the_auditors_find_it_by_the_owner_and_nobody_reads_the_number(
    owner: Registrant, auditor_client: Client
) -> None:
    turned_on(owner.user)
    text_numbers.stop(number=NUMBER)
    found = auditor_client.get(reverse("audit"), {"q": owner.reference}).content.decode()
    assert "stopped text messages by answering STOP" in found
    entries = AuditEntry.objects.filter(event__startswith="notifications:")
    assert entries.filter(event=Event.TEXTS_STOPPED).exists()
    for entry in entries:
        assert not Event(entry.event).agency
        assert not Event(entry.event).owner
        assert NUMBER[2:] not in f"{entry.facts}{entry.subject_id}{entry.actor_id}"
    assert OTHER_NUMBER not in found
