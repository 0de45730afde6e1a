"""Reading who looked, and a supervisor's delay of it: with and without script, on a phone and at a desk."""

from typing import Any

import pytest

from audit.log.events import Event
from registry.access_log.models import LookDelay, NoticeSettings
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, PHONE
from tests.factories import draft_of, incident_at, person, registrant_at
from tests.registry.access_log.delays import DELAY_REASON, case_of, delayed
from tests.registry.entries import entries_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "how",
    [
        {"size": PHONE, "language": "es", "script": False},
        pytest.param({"size": DESKTOP, "language": "en", "script": True}, marks=pytest.mark.long),
    ],
)
def test_an_owner_reads_narrows_and_takes_the_list_and_sets_the_mails(
    how: dict[str, Any], open_window: OpenWindow
) -> None:
    registrant = registrant_at(user=person(language=how["language"]), language=how["language"])
    open_one = draft_of(incident_at()).incident
    closed = case_of(registrant)
    delayed(closed)
    window = open_window("resident", **how)
    window.is_signed_in_as(registrant.user)
    window.open("/profile/")
    window.follow("Who looked")
    window.arrives("Who looked")
    page = window.page.content()
    assert open_one.number in page
    assert closed.incident.number not in page
    assert window.says("Opens later") in page
    window.page.get_by_text(window.says("Show only some entries")).click()
    window.page.get_by_label(window.says("What was done")).select_option("found")
    window.press("Show these")
    window.arrives("Who looked")
    assert window.says("Opens later") not in window.page.content().replace("Entries that open later", "")
    window.unfolds("Check this list, or download it")
    with window.page.expect_download() as download:
        window.press("Download this list")
    assert download.value.suggested_filename == f"{registrant.reference}-looks.csv"
    window.open("/profile/notices/")
    window.arrives("E-mails about who looked")
    window.page.get_by_text(window.says("Once a day, when there is something")).first.click()
    window.press("Save")
    assert NoticeSettings.objects.get(registrant=registrant).searches == "daily"


@pytest.mark.long
@pytest.mark.parametrize(
    "how", [pytest.param({"size": PHONE, "script": False}, marks=pytest.mark.long), {"size": DESKTOP, "script": True}]
)
def test_a_supervisor_delays_renews_and_ends(how: dict[str, Any], open_window: OpenWindow) -> None:
    case = case_of()
    window = open_window("supervisor", language="en", **how)
    window.is_signed_in_as(case.supervisor)
    window.open(f"/console/canvasses/{case.canvass.pk}/")
    window.page.get_by_role("link", name="Delay what the owner can read").first.click()
    window.arrives(f"Delay what an owner can read · {case.incident.number}")
    window.fill("For how many days", "31")
    window.fill("Reason", DELAY_REASON)
    window.press("Delay it")
    window.looks()
    window.fill("For how many days", "30")
    window.press("Delay it")
    window.arrives(f"Delays of what owners read · {case.incident.number}")
    window.page.get_by_role("link", name="Renew once").click()
    window.arrives(f"Renew a delay · {case.incident.number}")
    window.fill("For how many days", "10")
    window.fill("Reason", f"{DELAY_REASON} He has not been found yet.")
    window.press("Renew it")
    window.arrives(f"Delays of what owners read · {case.incident.number}")
    window.page.get_by_role("link", name="End now").click()
    window.arrives(f"End a delay · {case.incident.number}")
    window.press("End it now")
    window.arrives(f"Delays of what owners read · {case.incident.number}")
    assert LookDelay.objects.filter(ended_at__isnull=False).count() == 1
    assert len(entries_of(Event.LOOKS_DELAY_ENDED)) == 1
