"""A page of sign-in tells residents nothing of what only the agency has."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.sign_in.adapters import MISMATCH


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_failed_sign_in_tells_residents_nothing_of_locks_of_the_agency(language: str) -> None:
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.post(reverse("account_login"), {"login": "no@example.org", "password": "not this one"})
    said = page.content.decode()
    assert {"en": "Check both", "es": "Revise los dos"}[language] in said
    assert not re.search(r"locked|administrator|bloquea", str(MISMATCH) + said)
