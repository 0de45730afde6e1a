"""Administrators set limits: each said with its range, looked at first, in force with the next act."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from registry.limits.models import BOUNDS, Limits
from tests.factories import draft_of, incident_at
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db


def post(client: Client, step: str = "save", **changes: Any) -> Any:
    row = Limits.current()
    typed = {name: getattr(row, name) for name in BOUNDS} | {"revision": row.revision, "empty_phrases": ""}
    return client.post(reverse("limits"), {**typed, **changes, "step": step}, follow=True)


def test_each_limit_says_what_it_does_its_default_and_its_range(administrator_client: Client) -> None:
    page = administrator_client.get(reverse("limits")).content.decode()
    assert "How long an owner can answer a request." in page
    assert "Default 10. From 3 to 30 days." in page
    assert "Time to answer (days)" in page


def test_looking_changes_nothing(administrator_client: Client) -> None:
    page = post(administrator_client, "look", link_life_days=14).content.decode()
    assert "Time to answer" in page
    assert Limits.current().link_life_days == 10


def test_a_limit_counts_with_the_next_act_and_leaves_its_history(
    administrator_client: Client, administrator: User, deputy_client: Client
) -> None:
    post(administrator_client, smallest_area="0.1", empty_phrases="the usual\nas always\nthe usual")
    with pytest.raises(ValidationError, match=r"smallest is 0.1 square miles"):
        draft_of(incident_at(), radius_m=200)
    assert Limits.current().empty_phrases == ["the usual", "as always"]
    (entry,) = entries_of(Event.LIMITS_CHANGED)
    assert set(str(entry.facts["fields"]).split()) == {"smallest_area", "empty_phrases"}
    page = administrator_client.get(reverse("limits_history")).content.decode()
    assert administrator.pseudonym in page
    assert "Smallest search area" in page
    assert "0.025" in page


def test_the_page_of_a_search_says_the_limits_in_force(
    administrator_client: Client, deputy_client: Client, deputy: User
) -> None:
    incident = incident_at(by=deputy)
    post(administrator_client, shortest_window_minutes=20, longest_window_hours=6)
    page = deputy_client.get(reverse("canvass_new", args=[incident.pk])).content.decode()
    assert "From 20 minutes to 6 hours;" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reminders": 3}, "Write at most 2."),
        ({"link_life_days": 31}, "Write at most 30."),
        ({"largest_area": "2"}, "Write at most 1."),
        ({"files_per_reply": "many"}, "whole number"),
        ({"second_reminder_days": 3}, "after the first reminder"),
        ({"link_life_days": 7}, "outlive the second reminder"),
        ({"gigabytes_per_reply": 10}, "room for one file"),
        ({"empty_phrases": "x" * 61}, "at most 60"),
    ],
)
def test_what_lies_beyond_the_bounds_is_said_beside_its_field(
    changes: dict[str, Any], sentence: str, administrator_client: Client
) -> None:
    before = Limits.current().revision
    page = post(administrator_client, **changes).content.decode()
    assert sentence in page
    assert Limits.current().revision == before
    assert entries_of(Event.LIMITS_CHANGED) == []


def test_two_at_once_do_not_write_over_each_other(administrator_client: Client) -> None:
    before = Limits.current().revision
    post(administrator_client, link_life_days=14)
    assert post(administrator_client, revision=before, link_life_days=20).status_code == 409


@pytest.mark.parametrize("role", ["resident", "business", "deputy", "supervisor", "auditor", "clerk"])
def test_nobody_else_sets_a_limit(role: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(f"{role}_client")
    assert post(client, link_life_days=14).status_code == 403
    assert client.get(reverse("limits_history")).status_code == 403
    assert Limits.current().link_life_days == 10
