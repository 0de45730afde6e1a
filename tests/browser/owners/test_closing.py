"""Closing an account that is in no registry, and becoming a business, on a phone and without script."""

from typing import Any

import pytest

from fusus_portal.ground.accounts.models import User
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, PHONE
from tests.factories import person, registrant_at

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize(
    "how",
    [
        {"size": PHONE, "language": "es", "script": False},
        pytest.param({"size": DESKTOP, "language": "en", "script": True}, marks=pytest.mark.long),
    ],
)


@BOTH
def test_an_account_is_closed_from_its_own_page(how: dict[str, Any], open_window: OpenWindow) -> None:
    account = person(language=how["language"])
    window = open_window("resident", **how)
    window.is_signed_in_as(account)
    window.open("/account/")
    window.looks()
    window.follow("Leave, and delete the account")
    window.arrives("Delete your account")
    window.looks()
    window.press("Delete my account")
    window.reads("Your account is deleted.")
    assert not User.objects.filter(pk=account.pk).exists()


@BOTH
def test_a_person_becomes_a_business_and_is_asked_whom_to_ask_for(how: dict[str, Any], open_window: OpenWindow) -> None:
    registrant = registrant_at(user=person(language=how["language"]), language=how["language"])
    window = open_window("resident", **how)
    window.is_signed_in_as(registrant.user)
    window.open("/profile/contact/")
    window.looks()
    window.page.locator("label[for=id_kind_1]").click()
    window.press("Save")
    window.arrives("How we reach you")
    window.looks()
    registrant.refresh_from_db()
    assert registrant.kind == "business"
