"""Where somebody of the office lives: administrators write it down, and nobody else reads it."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.oversight.homes import services
from fusus_portal.oversight.homes.models import HomeArea
from tests.people import becomes

pytestmark = pytest.mark.django_db

HOMES = [Event.HOME_NOTED, Event.HOME_REMOVED, Event.HOME_SHOWN]


def noted() -> list[tuple[str, str]]:
    """Return what the log says of homes: who, and which act."""
    return list(AuditEntry.objects.filter(event__in=HOMES).order_by("id").values_list("subject_id", "event"))


def address_of(account: User) -> str:
    return reverse("home_area", args=[account.pk])


def test_an_administrator_writes_it_down_reads_it_and_removes_it(deputy: User, administrator_client: Client) -> None:
    page = administrator_client.get(reverse("person", args=[deputy.pk]))
    assert address_of(deputy) in page.content.decode()
    answer = administrator_client.post(address_of(deputy), {"zip_code": " 35203 "})
    assert answer.status_code == 302
    assert "35203" in administrator_client.get(address_of(deputy)).content.decode()
    administrator_client.post(reverse("home_area_remove", args=[deputy.pk]))
    assert not HomeArea.objects.exists()
    acts = [Event.HOME_NOTED, Event.HOME_SHOWN, Event.HOME_REMOVED]
    assert noted() == [(str(deputy.pk), event) for event in acts]


def test_no_entry_says_where(deputy: User, administrator: User) -> None:
    services.note(account=deputy, by=administrator, zip_code="35203")
    services.show(account=deputy, by=administrator)
    for entry in AuditEntry.objects.filter(event__in=HOMES):
        assert (entry.facts, entry.area, entry.reason_digest) == ({}, "", None)


def test_the_same_again_has_one_effect_and_another_replaces_it(deputy: User, administrator: User) -> None:
    for zip_code in ("35203", "35203", "35210"):
        services.note(account=deputy, by=administrator, zip_code=zip_code)
    assert HomeArea.objects.get().zip_code == "35210"
    assert len(noted()) == 2
    assert services.remove(account=deputy, by=administrator)
    assert not services.remove(account=deputy, by=administrator)
    assert len(noted()) == 3


@pytest.mark.parametrize("wrong", ["", "3520", "abcde", "00000"])
def test_what_is_no_zip_code_is_said_beside_the_field(wrong: str, deputy: User, administrator_client: Client) -> None:
    page = administrator_client.post(address_of(deputy), {"zip_code": wrong})
    assert page.status_code == 422
    assert page.context["form"].errors["zip_code"]
    assert not HomeArea.objects.exists()


def test_nothing_is_kept_of_who_can_neither_search_nor_view(
    clerk: User, administrator: User, administrator_client: Client
) -> None:
    with pytest.raises(Refused, match="Only deputies and supervisors"):
        services.note(account=clerk, by=administrator, zip_code="35203")
    assert "Only deputies and supervisors" in administrator_client.get(address_of(clerk)).content.decode()
    assert address_of(clerk) not in administrator_client.get(reverse("person", args=[clerk.pk])).content.decode()


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
def test_it_goes_when_the_person_neither_searches_nor_views_any_more(
    role: str, deputy: User, administrator: User
) -> None:
    services.note(account=deputy, by=administrator, zip_code="35203")
    becomes(deputy, Role.SUPERVISOR)
    assert HomeArea.objects.exists()
    becomes(deputy, role)
    assert not HomeArea.objects.exists()
    assert noted()[-1] == (str(deputy.pk), Event.HOME_REMOVED)


def test_it_goes_when_the_account_is_disabled_and_no_new_one_is_kept(deputy: User, administrator: User) -> None:
    services.note(account=deputy, by=administrator, zip_code="35203")
    accounts.disable(account=deputy, by=administrator.actor, why="unused")
    assert not HomeArea.objects.exists()
    assert noted() == [(str(deputy.pk), Event.HOME_NOTED), (str(deputy.pk), Event.HOME_REMOVED)]
    with pytest.raises(Refused, match="Only deputies and supervisors"):
        services.note(account=deputy, by=administrator, zip_code="35203")


def test_nobody_else_and_nobody_for_themselves(
    deputy: User, supervisor: User, auditor: User, administrator: User
) -> None:
    for by in (deputy, supervisor, auditor):
        for act in (services.show, services.remove):
            with pytest.raises(Refused):
                act(account=deputy, by=by)
    with pytest.raises(Refused, match="their own account"):
        services.show(account=administrator, by=administrator)


def test_the_database_keeps_five_digits(deputy: User, administrator: User) -> None:
    with pytest.raises(IntegrityError, match="home_area_zip_code_form"), transaction.atomic():
        HomeArea.objects.create(account=deputy, written_by=administrator, zip_code="3520")
