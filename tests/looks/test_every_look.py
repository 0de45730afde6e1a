"""Each time that the agency reads a person's name, street, phone number or mail address is an entry that they read.

Every address of the console is opened, in a world in which each owner's words are their own.
"""

import pytest
import time_machine
from django.utils import timezone

from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from tests.access.who import FIELD
from tests.browser.pages.everybody import everybody
from tests.database.clone import Clone
from tests.looks.planting import owners, plant
from tests.looks.walk import Walk

DESK = {
    "core", "core_allocate", "core_place", "fulfilment_invoice", "fulfilment_order", "parcel", "parcel_hand_over",
    "parcel_sheet", "parcel_sheets", "purchase_order", "refund_send", "return_case",
}  # fmt: skip
IN_THE_FIELD = {"evidence", "canvass"}
"""Pages that people need names or addresses on: the walk reaches them."""


@pytest.mark.parametrize(
    ("roles", "naming", "most"),
    [
        pytest.param(AGENCY_ROLES - FIELD, DESK, 3, id="some of the desk"),
        pytest.param(AGENCY_ROLES - FIELD, DESK, None, id="desk", marks=pytest.mark.long),
        pytest.param(FIELD, IN_THE_FIELD, None, id="field", marks=pytest.mark.long),
    ],
)
def test_nobody_is_named_by_the_console_without_an_entry_that_they_read(
    roles: frozenset[str], naming: set[str], most: int | None, portal_db: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """most: of each kind of thing, the last ones that came."""
    plant(monkeypatch)
    here, planted = everybody("en"), owners()
    assert len(planted) > 25
    with time_machine.travel(timezone.now(), tick=False):
        walk = Walk(here, planted, roles, most).run()
    assert walk.unseen == {}
    assert walk.named >= naming
