"""Closing an incident: a page says before what that ends, and one story is told after."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from integration.critical import services as critical
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.canvasses.states import RequestState
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.incidents.states import IncidentState
from tests.factories import draft_of, incident_at, registrant_at
from tests.integration.critical.scenes import REASON, scene
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def page_of(client: Client, name: str, incident: Incident) -> str:
    """Return what a page of an incident says, without marks and with single spaces."""
    answer = client.get(reverse(name, args=[incident.pk]))
    assert answer.status_code == 200
    main = answer.content.decode().partition("<main")[2].partition("</main")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def asked(deputy: User) -> Incident:
    """Return an incident for which four owners were asked: one gave none, one declined, two said nothing."""
    incident = incident_at(by=deputy)
    for _ in range(4):
        registrant_at()
    canvasses.send(canvass=draft_of(incident), by=deputy)
    none, declines = FootageRequest.objects.filter(incident=incident)[:2]
    requests.answer_none(request=none, by=link_actor(none))
    requests.decline(request=declines, by=link_actor(declines))
    return incident


def test_the_page_says_what_ends_and_counts_who_declined_with_the_silent(deputy: User, deputy_client: Client) -> None:
    incident = asked(deputy)
    draft_of(incident)
    page = page_of(deputy_client, "incident_close", incident)
    assert "3 owners have given no answer that you can see" in page
    assert "1 canvass is prepared" in page
    assert "live view" not in page


def test_it_counts_views_and_says_that_nothing_is_critical_any_more() -> None:
    made = scene()
    made.view()
    made.view(by=made.colleague())
    page = page_of(sign_in(made.deputy), "incident_close", made.incident)
    assert "2 live views end at once." in page
    assert "It is not critical any more" in page


def test_it_says_that_what_waits_for_a_second_person_is_dropped() -> None:
    made = scene(critical=False)
    critical.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    assert "waits for a second person, is dropped" in page_of(sign_in(made.deputy), "incident_close", made.incident)


def test_the_page_alone_changes_nothing_and_has_its_entry(deputy: User, deputy_client: Client) -> None:
    incident = asked(deputy)
    page_of(deputy_client, "incident_close", incident)
    incident.refresh_from_db()
    assert incident.state == IncidentState.OPEN
    assert FootageRequest.objects.filter(incident=incident, state=RequestState.SENT).count() == 2
    last = AuditEntry.objects.latest("id")
    assert (last.event, last.subject_id) == ("registry:incident:view", str(incident.pk))


def test_the_incident_leads_to_the_page_and_not_to_the_act(deputy: User, deputy_client: Client) -> None:
    incident = incident_at(by=deputy)
    page = deputy_client.get(reverse("incident", args=[incident.pk])).content.decode()
    address = reverse("incident_close", args=[incident.pk])
    assert f'href="{address}"' in page
    assert f'action="{address}"' not in page


def test_confirming_closes_and_tells_one_story(deputy: User, deputy_client: Client) -> None:
    incident = asked(deputy)
    answer = deputy_client.post(reverse("incident_close", args=[incident.pk]))
    assert answer.headers["Location"] == reverse("incident", args=[incident.pk])
    page = page_of(deputy_client, "incident", incident)
    assert "Closed. For ten minutes you can take that back; then owners who could still answer are told." in page
    assert page.count(f"Incident {incident.number} is closed.") == 1
    for act in ("New canvass", "Change it", "Close the incident", "Break the glass", "See cameras live"):
        assert act not in page
    assert FootageRequest.objects.filter(incident=incident, state=RequestState.SENT).count() == 2


def test_a_closed_incident_has_no_such_page(deputy: User, deputy_client: Client) -> None:
    incident = incident_at(by=deputy)
    incidents.close(incident=incident, by=deputy)
    assert deputy_client.get(reverse("incident_close", args=[incident.pk])).status_code == 409


def test_nobody_else_s_incident_has_one(other_deputy_client: Client) -> None:
    assert other_deputy_client.get(reverse("incident_close", args=[incident_at().pk])).status_code == 404
