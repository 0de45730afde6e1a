"""Closing an account that is in no registry: the same page, the same password, and nothing left of it."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.notifications.models import Message
from registry.imports.models import ImportInvitation
from registry.people.services import registrants
from registry.registrants.models import RegistrationDraft
from tests.factories import registrant_at
from tests.people import make_person, sign_in
from tests.registry.entries import entries_of
from tests.registry.imports.import_files import imported, invited
from tests.registry.people.test_registration import fill

pytestmark = pytest.mark.django_db


def text(browser: Client, name: str) -> str:
    return browser.get(reverse(name)).content.decode()


def test_one_press_deletes_it_with_what_was_typed_and_every_sign_in(resident: User, resident_client: Client) -> None:
    elsewhere = sign_in(resident)
    fill(resident_client, until="register_cameras")
    page = text(resident_client, "leave")
    assert "You are not in the registry." in page
    assert "What you typed of a registration" in page
    assert "Kept until" in page
    assert User.objects.filter(pk=resident.pk).exists()
    signed_in = [browser.session.session_key for browser in (resident_client, elsewhere)]
    answer = resident_client.post(reverse("leave"), follow=True)
    assert answer.redirect_chain == [(reverse("home"), 302)]
    assert "Your account is deleted." in answer.content.decode()
    assert not User.objects.filter(pk=resident.pk).exists()
    assert not RegistrationDraft.objects.exists()
    assert len(entries_of(Event.ACCOUNT_CLOSED)) == 1
    assert [entry.facts for entry in entries_of(Event.SESSION_ENDED)] == [{"count": 2}]
    assert not Session.objects.filter(pk__in=signed_in).exists()
    for browser in (resident_client, elsewhere):
        assert browser.get(reverse("profile")).headers["Location"].startswith(reverse("account_login"))


def test_what_was_not_sent_yet_goes_too(resident: User) -> None:
    registrants.keep_draft(by=resident, step="you", typed={"name": "Ana"})
    RegistrationDraft.objects.update(touched_at="2020-01-01T00:00Z", expires_at="2100-01-01T00:00Z")
    assert registrants.remind_due_drafts() == 1
    registrants.close_account(by=resident)
    assert not Message.objects.filter(to=resident.email).exists()


def test_so_does_an_invitation_of_an_import() -> None:
    imported([invited(1)])
    registrants.close_account(by=make_person("resident", "person.1@old.example"))
    assert not ImportInvitation.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_asks_for_the_password_again(method: str, resident: User, resident_client: Client) -> None:
    session = resident_client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 600}]
    session.save()
    answer = getattr(resident_client, method)(reverse("leave"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.filter(pk=resident.pk).exists()


@pytest.mark.parametrize("page", ["account", "register"])
def test_pages_of_the_account_and_of_registering_lead_there(page: str, resident_client: Client) -> None:
    fill(resident_client, until="register_place")
    assert f'href="{reverse("leave")}"' in text(resident_client, page)


def test_it_is_in_spanish(resident_client: Client) -> None:
    resident_client.cookies["django_language"] = "es"
    assert "Eliminar su cuenta" in text(resident_client, "leave")


def test_who_is_registered_leaves_instead_with_a_receipt(resident: User) -> None:
    registrant_at(user=resident)
    with pytest.raises(Stale):
        registrants.close_account(by=resident)
    assert User.objects.filter(pk=resident.pk).exists()


def test_an_account_of_the_agency_can_t_be_closed_this_way(deputy: User, deputy_client: Client) -> None:
    assert deputy_client.get(reverse("leave")).status_code == 403
    assert reverse("leave") not in text(deputy_client, "account")
    with pytest.raises(Refused):
        registrants.close_account(by=deputy)


def test_twice_has_one_effect(resident: User) -> None:
    registrants.close_account(by=resident)
    with pytest.raises(NotYours):
        registrants.close_account(by=resident)
    assert len(entries_of(Event.ACCOUNT_CLOSED)) == 1
