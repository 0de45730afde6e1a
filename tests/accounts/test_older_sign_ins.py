"""A sign-in that is older than the second factor: it ends when the factor is set up, and touches none if it is left."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from tests.access.addresses import addresses
from tests.accounts.codes import app_code
from tests.accounts.tries import is_signed_in
from tests.database.operator import as_operator
from tests.people import make_person, sign_in

ROLES = ["deputy", "administrator", "resident"]
OF_FACTORS = sorted({each.name for each in addresses() if each.name.startswith("mfa_")} - {"mfa_authenticate"})
OF_THE_ACCOUNT = [*OF_FACTORS, "account", "account_reauthenticate", "account_change_password", "usersessions_list"]


def set_up_app(client: Client) -> int:
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    return int(client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)}).status_code)


def person_of(role: str) -> User:
    return make_person(role, f"{role}@portal.example", second_factor=False)


def path_of(name: str) -> str:
    return reverse(name, args=[999] if name in {"mfa_edit_webauthn", "mfa_remove_webauthn"} else [])


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_setting_up_a_factor_ends_every_other_sign_in(role: str) -> None:
    account = person_of(role)
    own, other = sign_in(account, second_factor=False), sign_in(account, second_factor=False)
    assert set_up_app(own) == 302
    assert is_signed_in(own)
    assert not is_signed_in(other)
    assert [each.session_key for each in UserSession.objects.filter(user=account)] == [own.session.session_key]
    assert AuditEntry.objects.filter(event="accounts:session:end", actor_id=str(account.pk)).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_the_account_answers_one_that_has_not_shown_it(role: str) -> None:
    account = person_of(role)
    older = {ask: sign_in(account, second_factor=False) for ask in product(("get", "post"), OF_THE_ACCOUNT)}
    with as_operator():
        Authenticator.objects.create(user=account, type="totp", data={"secret": ""})
    wrong = []
    for (method, name), old in older.items():
        was_there = Session.objects.filter(pk=old.cookies[settings.SESSION_COOKIE_NAME].value).exists()
        answer = getattr(old, method)(path_of(name))
        elsewhere = answer.headers.get("Location", "").startswith(
            (reverse("account_login"), reverse("system_use_notice"))
        )
        factors = Authenticator.objects.filter(user=account).count()
        if (was_there, answer.status_code, elsewhere, is_signed_in(old), factors) != (True, 302, True, False, 1):
            wrong.append((method, name, answer.status_code))
    assert older
    assert wrong == []


@pytest.mark.django_db
def test_the_page_says_why(client: Client) -> None:
    account = person_of("resident")
    old = sign_in(account, second_factor=False)
    Authenticator.objects.create(user=account, type="totp", data={"secret": ""})
    page = old.get(reverse("mfa_generate_recovery_codes"), follow=True).content.decode()
    assert "you did not use your passkey or code app" in page
    assert AuditEntry.objects.filter(event="accounts:session:time-out", actor_id=str(account.pk)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_that_is_setting_up_a_first_factor_comes_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    account = person_of("deputy")
    late = sign_in(account, second_factor=False)

    def set_up_meanwhile() -> None:
        with as_operator():
            Authenticator.objects.create(user=account, type="webauthn", data={"name": "Key"})
        connection.close()

    def checked(*_args: object) -> None:
        with ThreadPoolExecutor(1) as other:
            other.submit(set_up_meanwhile).result()

    monkeypatch.setattr("fusus_portal.ground.accounts.forms.use_up", checked)
    assert set_up_app(late) == 403
    assert [each.type for each in Authenticator.objects.filter(user=account)] == ["webauthn"]
