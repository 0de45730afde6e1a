"""Error pages keep the console's frame for people of the agency, and do not tell whether a thing exists."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from registry.incidents.services import incidents
from tests.factories import incident_at, person
from tests.people import sign_in
from tests.told import told

pytestmark = pytest.mark.django_db

HEADER = "Restricted system"
BOX = "data-find"
PLACES = {
    "deputy": "incidents",
    "supervisor": "incidents",
    "clerk": "fulfilment",
    "auditor": "audit",
    "administrator": "admin",
    "reviewer": "review",
}


def refused(client: Client, path: str, status: int, **headers: str) -> str:
    answer = client.post(path, headers=headers) if headers else client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize("role", PLACES)
def test_people_of_the_agency_keep_header_menu_and_places_to_go(role: str) -> None:
    client = sign_in(person(role))
    for path, status in (("/nowhere/", 404), (reverse("profile"), 403)):
        page = refused(client, path, status)
        main = page.partition("<main")[2]
        assert HEADER in page
        assert (BOX in page) == (role != "reviewer")
        assert f'href="{reverse("console")}"' in main
        assert f'href="{reverse(PLACES[role])}"' in main


@pytest.mark.parametrize("role", ["resident", "business"])
def test_the_public_keeps_its_own(role: str) -> None:
    client = sign_in(person(role))
    for path, status in (("/nowhere/", 404), (reverse("console"), 403)):
        page = refused(client, path, status)
        assert HEADER not in page
        assert 'href="/"' in page


def test_a_visitor_keeps_the_publics_too(visitor_client: Client) -> None:
    assert HEADER not in refused(visitor_client, "/nowhere/", 404)


def test_a_deputy_who_is_not_all_the_way_in_has_no_frame_of_the_console(deputy: User) -> None:
    for client in (sign_in(deputy, notice=False), sign_in(deputy, second_factor=False)):
        assert HEADER not in refused(client, "/nowhere/", 404)


@pytest.mark.parametrize("name", ["account", "account_change_password", "mfa_index", "usersessions_list", "push"])
def test_pages_of_ones_account_have_the_frame_in_which_one_works(name: str) -> None:
    assert HEADER in refused(sign_in(person("deputy")), reverse(name), 200)
    if name != "push":
        assert HEADER not in refused(sign_in(person("resident")), reverse(name), 200)


def test_a_deputy_who_sets_up_a_second_factor_is_not_in_the_console_yet(deputy: User) -> None:
    client = sign_in(deputy, second_factor=False)
    assert HEADER not in refused(client, reverse("account_logout"), 200)


def test_what_came_too_late_leads_back_to_its_page(supervisor: User) -> None:
    incident = incident_at()
    incidents.close(incident=incident, by=supervisor)
    behind = reverse("incident", args=[incident.pk])
    client, path = sign_in(supervisor), reverse("incident_verify", args=[incident.pk])
    page = refused(client, path, 409, Referer=f"http://testserver{behind}?kind=people")
    assert f'href="{behind}?kind=people"' in page
    assert HEADER in page


@pytest.mark.parametrize(
    "referer", ["https://elsewhere.example/", "http://testserver//elsewhere.example/", "javascript:1"]
)
def test_no_link_leads_elsewhere(supervisor: User, referer: str) -> None:
    incident = incident_at()
    incidents.close(incident=incident, by=supervisor)
    page = refused(sign_in(supervisor), reverse("incident_verify", args=[incident.pk]), 409, Referer=referer)
    assert "//elsewhere" not in page
    assert "javascript:" not in page


def test_somebody_elses_and_nothing_are_the_same_page(deputy_client: Client) -> None:
    there, nowhere = (
        told(deputy_client, "get", reverse("incident", args=[pk]), {}, apart=str(pk))
        for pk in (incident_at().pk, uuid4())
    )
    assert there.status == 404
    assert there == nowhere


def test_it_locks_as_every_page_of_the_console(deputy_client: Client) -> None:
    assert "js/idle.js" in refused(deputy_client, "/nowhere/", 404)
