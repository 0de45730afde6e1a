"""Every page of the console with something on it: axe finds nothing, and it fits the narrowest screen.

The stories look at the pages on their way; these are the ones that an administrator or a supervisor comes to in
between.
"""

from collections.abc import Iterator, Sequence

import pytest
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency import services as agency
from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.streets.models import StreetData
from fusus_portal.oversight.annual.definitions import REQUIRED
from registry.canvasses.services import approvals
from registry.footage.models import RetentionCategory
from registry.imports.services import imports
from registry.incidents.models import IncidentType
from registry.incidents.services import incidents
from registry.limits import services
from registry.limits.models import Limits
from registry.other_counties import services as other_counties
from registry.other_counties.services import AgencyDetails
from tests.access.addresses import addresses
from tests.access.urls import ADMINISTRATOR, ROWS
from tests.browser import accessibility
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, NARROWEST
from tests.browser.window import Window
from tests.factories import camera_at, canvass_at, draft_of, incident_at, person, purpose, registrant_at
from tests.integration.cores.devices import core_model
from tests.oversight.annual.years import let_a_year_end, write_all
from tests.oversight.figures.days import Days
from tests.registry.imports.exports import proposed
from tests.registry.imports.import_files import brought, checked, imported, invited, line, started
from tests.registry.incidents.dispatching import Sender, deliver, item
from tests.registry.other_counties.elsewhere import lead_at
from tests.sealed_log import SealedLog
from tests.streets import uploads

pytestmark = pytest.mark.browser

Page = tuple[str, Sequence[object]]
NO_PAGES = (
    *(
        "_approve",
        "_cancel",
        "_confirm",
        "_css",
        "_discard",
        "_examples",
        "_export",
        "_faults",
        "_note",
        "_person",
        "_progress",
    ),
    *("_reset", "_restore", "_retire", "_start", "_step", "export_take", "street_use"),
    *("missing_address", "missing_address_accept", "missing_address_add", "added_address_take_out", "home_area_remove"),
)
"""How the names of addresses end that are buttons, files or parts of a page."""

LARGE_REASON = "They fled along the whole length of the avenue."


def looks_at(window: Window, pages: Iterator[Page]) -> set[str]:
    """Look at each page; return their names."""
    seen = set()
    for name, arguments in pages:
        window.open(reverse(name, args=arguments))
        assert window.page.locator("h1").count() == 1, name
        fits(window)
        seen.add(name)
    return seen


def fits(window: Window) -> None:
    """Look at the page as it is now, at the desk and on the narrowest screen."""
    window.looks()
    window.resize(NARROWEST)
    accessibility.check_width(window.page)
    window.resize(DESKTOP)


def of_the_agency(by: User) -> Iterator[Page]:
    """Pages about the agency's public data, its people and its limits, each with a history."""
    links = {"Community page": f"https://social.example/{'sheriff' * 12}"}
    agency.change_agency(by=by, revision=Agency.current().revision, social_urls=links)
    services.change(by=by, revision=Limits.current().revision, link_life_days=14)
    yield from (("people", []), ("person_invite", []), ("person", [person(Role.DEPUTY).pk]))
    yield "person_suspend", [person(Role.DEPUTY).pk]
    yield "home_area", [person(Role.DEPUTY).pk]
    for name in (
        "admin",
        "portal_needs",
        "agency_data",
        "agency_history",
        "agency_seal",
        "document_list",
        "terms_new",
        "privacy_new",
    ):
        yield name, []
    for name in ("message_list", "limits", "limits_history", "retention", "retention_new", "purposes"):
        yield name, []
    yield from (("sharing_new", []), ("core_models", []), ("core_model", [core_model().pk]))
    yield "message_text", [MessageKind.FOOTAGE_REQUEST]
    yield "retention_category", [RetentionCategory.objects.first().pk]  # type: ignore[union-attr]
    yield "purpose", [purpose().pk]
    yield from (("incident_types", []), ("incident_type_new", []), ("number_format", []))
    yield "incident_type", [IncidentType.objects.first().pk]  # type: ignore[union-attr]


def of_the_registry(by: User) -> Iterator[Page]:
    """A former registry in each of its states, a copy that waits, and how many there are."""
    registrant_at()
    yield "import_list", []
    yield "registry_counts", []
    new = brought([line(1), line(2)], by=by)
    yield "import_columns", [new.pk]
    counted = checked([line(1), invited(2), line(3, email="nobody@")], by=by)
    stopped = started([line(4)], by=by)
    for batch in (new, counted, stopped):
        yield "import_batch", [batch.pk]
    imports.undo(batch=stopped, by=by)
    done = imported([line(5), invited(6)], by=by)
    for name in ("import_batch", "import_write", "import_undo"):
        yield name, [done.pk]
    proposed()
    yield "registry_exports", []


def of_streets() -> Iterator[Page]:
    """Streets and addresses in each of their states."""
    before = uploads.previous()
    shown = (
        before,
        StreetData.objects.get(state="current"),
        uploads.ready(uploads.SHELBY, elsewhere=True),
        uploads.failed(),
        uploads.uploaded(),
    )
    camera_at()
    yield "street_list", []
    yield "missing_addresses", []
    for data in shown:
        yield "street_data", [data.pk]


def of_others() -> Iterator[Page]:
    """Other counties, and dispatch."""
    details = AgencyDetails("01117", "Shelby County Sheriff's Office", "205-555-0100", "", "https://shelby.example/")
    neighbor, lead = other_counties.add_agency(by=person(Role.ADMINISTRATOR), details=details), lead_at()
    for name in ("county_agencies", "county_agency_new", "county_agencies_import", "leads"):
        yield name, []
    for name in ("county_agency", "county_agency_remove"):
        yield name, [neighbor.pk]
    yield "leads_of_county", [lead.county_fips]
    yield "lead", [lead.pk]
    sender = Sender()
    Sender(source="state-cad", approved=False)
    deliver(sender.token(item()))
    yield "dispatch_keys", []
    yield "dispatch_file", []


def of_oversight(by: User, days: Days) -> Iterator[Page]:
    """Public figures, the report of a year, and who hears of a review that is late."""
    year = let_a_year_end(days, by)
    write_all(year, by)
    for name in ("figures", "figures_delay", "annual_years", "review_addresses"):
        yield name, []
    for name in ("annual_draft", "annual_release"):
        yield name, [year]
    yield "annual_part", [year, REQUIRED[0].key]


def of_incidents(supervisor: User) -> Iterator[Page]:
    """An incident on its way, and what a supervisor decides about it."""
    other = person(Role.DEPUTY)
    sent = canvass_at("sent", cameras=2)
    incidents.assign(incident=sent.incident, user=supervisor, by=supervisor)
    wide = draft_of(incident_at(by=other), by=other, radius_m=900)
    approvals.ask(canvass=wide, by=other, reason=LARGE_REASON)
    yield "console", []
    yield "incidents", []
    for name in (
        "incident",
        "incident_canvasses",
        "incident_log",
        "incident_change",
        "incident_story",
        "look_delays",
        "evidence_list",
        "incident_hold",
    ):
        yield name, [sent.incident_id]
    for name in ("canvass", "canvass_sheet", "canvass_withdraw"):
        yield name, [sent.pk]
    yield "canvass_approval", [wide.pk]
    draft = draft_of(sent.incident, by=supervisor, radius_m=900)
    for name in ("canvass", "canvass_ask_approval"):
        yield name, [draft.pk]


@pytest.mark.long
def test_an_administrator_can_read_them_all(open_window: OpenWindow, sealed_log: SealedLog) -> None:
    by = person(Role.ADMINISTRATOR)
    window = open_window("administrator")
    window.is_signed_in_as(by)
    seen = set()
    for pages in (
        of_the_agency(by),
        of_the_registry(by),
        of_streets(),
        of_others(),
        of_oversight(by, Days(sealed_log)),
    ):
        seen |= looks_at(window, pages)
    # Those of the shop stand before things that businesses bought: `test_every_page` looks at them.
    elsewhere = {address.name for address in addresses() if address.view.__module__.startswith("shop.")}
    wanted = {name for name, row in ROWS.items() if row.who == ADMINISTRATOR and not name.endswith(NO_PAGES)}
    wanted -= elsewhere
    assert wanted - seen == set()


def test_a_missing_address_can_be_read(open_window: OpenWindow) -> None:
    uploads.current()
    camera_at()
    window = open_window("administrator")
    window.is_signed_in_as(person(Role.ADMINISTRATOR))
    window.open(reverse("missing_addresses"))
    window.press("Show the address")
    window.button("Add it").wait_for()
    fits(window)


def test_what_is_looked_at_before_it_counts_can_be_read(open_window: OpenWindow) -> None:
    window = open_window("administrator")
    window.is_signed_in_as(person(Role.ADMINISTRATOR))
    for name, arguments, words in (
        ("agency_data", [], "See how it looks"),
        ("limits", [], "See what would change"),
        ("terms_new", [], "Read it first"),
        ("message_text", [MessageKind.FOOTAGE_REQUEST], "Read the message first"),
    ):
        window.open(reverse(name, args=arguments))
        window.press(words)
        window.button("Change it again").wait_for()
        fits(window)


@pytest.mark.long
def test_a_supervisor_can_read_them_all(open_window: OpenWindow, supervisor: User) -> None:
    window = open_window("supervisor")
    window.is_signed_in_as(supervisor)
    assert len(looks_at(window, of_incidents(supervisor))) > 11
