"""Tabs of an incident: each is an address of its own, with its own rows and its own refusal."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests
from registry.incidents.models import Incident
from tests.factories import canvass_at, draft_of, incident_at

pytestmark = pytest.mark.django_db

TABS = {
    "incident": "Overview",
    "incident_canvasses": "Canvass",
    "incident_replies": "Replies",
    "critical": "Live",
    "incident_log": "Log",
}


def page_of(tab: str, incident: Incident, browser: Client) -> str:
    return browser.get(reverse(tab, args=[incident.pk])).text


def cells_of(page: str) -> list[list[str]]:
    """Return the cells of each row of the page's table."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[1], re.DOTALL)
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


@pytest.mark.parametrize("tab", TABS)
def test_each_says_whose_it_is_and_leads_to_all(tab: str, deputy: User, deputy_client: Client) -> None:
    incident = canvass_at("sent", by=deputy).incident
    page = page_of(tab, incident, deputy_client)
    assert re.findall(r'<a href="([^"]+)" aria-current="page">(\w+)', page) == [
        (reverse(tab, args=[incident.pk]), TABS[tab])
    ]
    for other, label in TABS.items():
        assert re.search(rf'href="{reverse(other, args=[incident.pk])}"[^>]*>{label}', page)
    [heading] = re.findall(r"<h1>(.*?)</h1>", page)
    assert incident.number in heading
    assert incident.place in page


@pytest.mark.parametrize("tab", TABS)
def test_its_address_typed_by_somebody_who_lacks_it_shows_nothing(
    tab: str, deputy: User, other_deputy_client: Client, auditor_client: Client, administrator_client: Client
) -> None:
    incident = canvass_at("sent", by=deputy).incident
    answer = other_deputy_client.get(reverse(tab, args=[incident.pk]))
    assert answer.status_code == 404
    assert incident.place not in answer.text
    for browser in (auditor_client, administrator_client):
        answer = browser.get(reverse(tab, args=[incident.pk]))
        assert answer.status_code == 403
        assert incident.place not in answer.text


@pytest.mark.parametrize("tab", ["incident", "incident_canvasses", "critical", "incident_log"])
def test_each_look_is_an_entry(tab: str, deputy: User, deputy_client: Client) -> None:
    incident = incident_at(by=deputy)
    page_of(tab, incident, deputy_client)
    entry = AuditEntry.objects.get(event=Event.INCIDENT_VIEWED)
    assert (entry.incident_id, entry.actor_id) == (str(incident.pk), str(deputy.pk))


class TestCanvasses:
    def test_each_has_the_numbers_that_a_deputy_may_know(self, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("sent", cameras=4, by=deputy)
        none, declined = FootageRequest.objects.filter(canvass=canvass)[:2]
        requests.answer_none(request=none, by=link_actor(none))
        silent = cells_of(page_of("incident_canvasses", canvass.incident, deputy_client))
        requests.decline(request=declined, by=link_actor(declined))
        assert cells_of(page_of("incident_canvasses", canvass.incident, deputy_client)) == silent
        [[_sent, area, asker, *counts, state]] = silent
        assert (counts, state) == (["4", "1", "3"], "Sent")
        assert (area, asker) == (f"{canvass.square_miles:.2f} square miles", deputy.pseudonym)

    def test_one_that_was_not_sent_has_none(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        canvass = draft_of(incident, by=deputy)
        page = page_of("incident_canvasses", incident, deputy_client)
        [[sent, _area, _asker, *counts, _state]] = cells_of(page)
        assert (sent, counts) == ("Not sent yet", ["\u2013"] * 3)
        assert f'href="{reverse("canvass", args=[canvass.pk])}"' in page

    def test_without_one_it_says_what_would_appear_and_offers_one(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        page = page_of("incident_canvasses", incident, deputy_client)
        assert "No canvass yet" in page
        assert f'href="{reverse("canvass_new", args=[incident.pk])}"' in page

    def test_many_take_as_many_queries_as_one(self, deputy: User, deputy_client: Client) -> None:
        incident, counted = incident_at(by=deputy), []
        for _each in range(3):
            canvass_at("sent", incident=incident)
            for tab in ("incident", "incident_canvasses"):
                page_of(tab, incident, deputy_client)
            with CaptureQueriesContext(connection) as captured:
                page_of("incident", incident, deputy_client)
                page_of("incident_canvasses", incident, deputy_client)
            counted.append(len(captured))
        assert len(set(counted)) == 1


def test_replies_not_seen_yet_are_counted_on_their_tab(deputy: User, deputy_client: Client) -> None:
    canvass = canvass_at("sent", cameras=2, by=deputy)
    request = FootageRequest.objects.filter(canvass=canvass)[0]
    assert "1 new" not in page_of("incident_log", canvass.incident, deputy_client)
    requests.answer_none(request=request, by=link_actor(request))
    assert "1 new" in page_of("incident_log", canvass.incident, deputy_client)
    page_of("incident_replies", canvass.incident, deputy_client)
    assert "1 new" not in page_of("incident_log", canvass.incident, deputy_client)
