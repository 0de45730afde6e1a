"""A page that nobody typed anything into has no mistake to tell: its title does not begin with "Error:"."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.addresses import addresses
from tests.access.who import ROLES
from tests.browser.pages.everybody import Everybody, everybody
from tests.browser.pages.pages import Stop, page_of

TITLE = re.compile(r"<title>\s*(.*?)\s*</title>", re.DOTALL)
LEAST_PAGES = 250


@pytest.fixture
def here(portal_db: object) -> Everybody:
    """Return a portal with something on every page."""
    return everybody("en")


@pytest.mark.long
def test_no_page_of_anybody_opens_with_a_mistake(here: Everybody) -> None:
    opened, wrong = set(), {}
    for role in ["visitor", *ROLES]:
        for address in addresses():
            found = page_of(address, here, role)
            if isinstance(found, Stop):
                opened.add((role, address.name))
                page = found.browser.get(found.path).content.decode()
                [title] = TITLE.findall(page.partition("</head>")[0])  # bars of a chart have titles, too
                if title.startswith("Error:") or "Please check what you typed" in page:
                    wrong[role, address.name] = title
    assert wrong == {}
    assert ("deputy", "mfa_deactivate_totp") in opened
    assert len(opened) > LEAST_PAGES


@pytest.mark.django_db
def test_the_only_code_app_of_a_deputy_stays_and_its_page_says_why(deputy_client: Client) -> None:
    address = reverse("mfa_deactivate_totp")
    page = deputy_client.get(address).content.decode()
    why = "An agency account keeps at least one passkey or code app. Add another first."
    [title] = TITLE.findall(page)
    assert title.startswith("Remove the code app")
    assert "Please check what you typed" not in page
    assert why in page
    pressed = deputy_client.post(address, {"pressed": "yes"}).content.decode()
    assert TITLE.findall(pressed)[0].startswith("Error:")
    assert why in pressed
