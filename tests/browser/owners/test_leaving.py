"""Taking one's data along and leaving, with and without script, by keys alone and by hand, in both languages."""

from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from registry.registrants.models import Registrant
from tests.browser.conftest import OpenWindow
from tests.browser.mailbox import Mailbox
from tests.browser.sizes import DESKTOP, NARROWEST, PHONE
from tests.browser.test_keyboard import enters
from tests.factories import owner_of, person, registrant_at, request_at
from tests.registry.footage.footage import given

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"size": PHONE, "language": "en", "script": False}, marks=pytest.mark.long),
        {"size": NARROWEST, "language": "es", "script": True},
        pytest.param({"size": DESKTOP, "language": "en", "script": True}, marks=pytest.mark.long),
    ],
)
def test_data_is_taken_along_and_then_the_registration_ends(
    how: dict[str, Any], open_window: OpenWindow, mailbox: Mailbox, tmp_path: Path
) -> None:
    registrant = registrant_at(user=person(language=how["language"]), language=how["language"], cameras=2)
    request = request_at("footage", registrant=registrant)
    email = owner_of(request).email
    given(request)
    request_at("sent", registrant=registrant)
    window = open_window("resident", **how)
    window.is_signed_in_as(registrant.user)
    window.open("/profile/")
    press = partial(enters, window) if how["size"] is NARROWEST else window.press
    follow = partial(enters, window) if how["size"] is NARROWEST else window.follow
    follow("Account")
    window.arrives("Account")
    follow("Leave the registry")
    window.arrives("Leave the registry")
    with window.page.expect_download() as download:
        press("Download my data")
    download.value.save_as(tmp_path / "data.zip")
    assert "data.json" in ZipFile(tmp_path / "data.zip").namelist()
    press("Leave and delete my data")
    window.arrives("You have left the registry")
    assert not Registrant.objects.exists()
    assert mailbox.wait_for(email, window.says("What was deleted:"))
