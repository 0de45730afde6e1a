"""A new default reaches the agencies that never chose a number, and no other."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from registry.limits import services
from registry.limits.models import Limits

pytestmark = pytest.mark.django_db

second_call = import_module("registry.migrations.0021_second_call")


@pytest.fixture
def of_before() -> None:
    """Return to the row of an agency, and its history, before the new default."""
    Limits.objects.update(unverified_incidents_a_day=1, revision=1)
    latest = Limits.history.order_by("-history_date", "-history_id").first()
    Limits.history.filter(history_id=latest.history_id).delete()
    Limits.history.update(unverified_incidents_a_day=1)


def migrated() -> Limits:
    with connection.schema_editor() as editor:
        second_call.follow_default(apps, editor)
    return Limits.current()


def chosen(administrator: User, number: int) -> None:
    revision = Limits.current().revision
    services.change(by=administrator, revision=revision, unverified_incidents_a_day=number)


@pytest.mark.usefixtures("of_before")
def test_who_never_chose_gets_it_and_reads_so(administrator: User, administrator_client: Client) -> None:
    services.change(by=administrator, revision=1, link_life_days=14)
    limits = migrated()
    assert (limits.unverified_incidents_a_day, limits.link_life_days, limits.revision) == (3, 14, 3)
    page = administrator_client.get(reverse("limits_history")).text
    assert "Unverified incidents one person may search per day" in page
    assert "The portal" in page


@pytest.mark.usefixtures("of_before")
@pytest.mark.parametrize("numbers", [(2,), (2, 1), (5, 4, 1)])
def test_who_chose_one_keeps_it_even_that_of_before(administrator: User, numbers: tuple[int, ...]) -> None:
    for number in numbers:
        chosen(administrator, number)
    assert migrated().unverified_incidents_a_day == numbers[-1]


def test_it_happens_once() -> None:
    first = Limits.history.count()
    assert migrated().unverified_incidents_a_day == 3
    assert Limits.history.count() == first
