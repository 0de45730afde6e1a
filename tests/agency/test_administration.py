"""The page "Administration": six groups, and a search by the words that people use."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from fusus_portal.ground.agency.hooks import Group, all_sections
from tests.people import sign_in
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db


def shown(client: Client, typed: str = "") -> str:
    return str(client.get(reverse("admin"), {"q": typed}).content.decode())


def titles(page: str) -> list[str]:
    main = page.partition("<main")[2]
    return re.findall(r"<li>\s*<a href=\"[^\"]+\">([^<]+)</a>", main)


def groups(page: str) -> list[str]:
    return re.findall(r'<h2 id="group-\d">([^<]+)</h2>', page)


def test_each_page_is_a_row_of_one_of_six_groups(administrator_client: Client) -> None:
    page = shown(administrator_client)
    assert groups(page) == [str(label) for label in Group.labels]
    assert sorted(titles(page)) == sorted(str(section.title) for section in all_sections())
    assert len(titles(page)) > 20


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("seal", ["Seal"]),
        ("LOGO", ["Seal"]),
        ("911", ["Dispatch"]),
        ("reminders", ["Limits"]),
        ("census upload", ["Streets and addresses"]),
        ("prices", ["What is sold"]),
        ("suspend", ["People and roles"]),
    ],
)
def test_it_is_searched_by_the_words_that_people_use(
    typed: str, found: list[str], administrator_client: Client
) -> None:
    assert titles(shown(administrator_client, typed)) == found


def test_a_word_of_a_state_finds_its_row(administrator_client: Client) -> None:
    assert titles(shown(administrator_client, "no streets are loaded")) == ["Streets and addresses"]


def test_a_name_leads_on_to_the_people_of_the_office(administrator_client: Client) -> None:
    page = shown(administrator_client, "Kim <Lee>")
    assert titles(page) == []
    assert "No match" in page
    assert f'href="{reverse("people")}?q=Kim%20%3CLee%3E"' in page
    assert "Kim <Lee>" not in page
    assert entries_of(Event.PEOPLE_LISTED) == [], "the list of people was not looked at yet"


def test_a_search_that_is_too_long_shows_everything(administrator_client: Client) -> None:
    assert len(groups(shown(administrator_client, "x" * 61))) == len(Group)


@pytest.mark.parametrize("role", ["supervisor", "clerk", "auditor", "deputy", "reviewer"])
@pytest.mark.parametrize("name", ["admin", "portal_needs"])
def test_others_have_neither_page(name: str, role: str, request: pytest.FixtureRequest) -> None:
    assert sign_in(request.getfixturevalue(role)).get(reverse(name)).status_code == 403
