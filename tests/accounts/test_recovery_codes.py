"""Recovery codes of somebody of the agency, to the commit: there the database asks for entries."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests.accounts.codes import app_code
from tests.people import make_person, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_they_are_read_after_the_first_code_app_is_set_up() -> None:
    account = make_person("deputy", "new@portal.example", second_factor=False)
    client = sign_in(account, second_factor=False)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)}, follow=True)
    assert answer.status_code == 200
    assert Authenticator.objects.get(user=account, type="recovery_codes").data["viewed_at"]
