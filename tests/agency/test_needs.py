"""A missing part of the portal is a warning on the start page of people who can act or need to know."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.log.events import Event
from fusus_portal.ground.agency import presenters, selectors
from fusus_portal.ground.geo import counties
from fusus_portal.ground.notifications.models import By, Message
from fusus_portal.ground.notifications.states import MessageState
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db

STREETS = "No streets are loaded"
BOUNDARY = "No boundary is loaded: the portal uses the outline of 2023 that it came with."
BACKUP = "No backup has been reported"
LATE = "Mail is late"
AWAY = "No mail goes out"


@pytest.fixture
def report(settings: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "last-backup"
    settings.BACKUP_REPORT = path
    return path


def start(client: Client) -> str:
    return str(client.get(reverse("console")).content.decode())


def needs(client: Client) -> str:
    return str(client.get(reverse("portal_needs")).content.decode())


def waiting_mail(*, since: timedelta, attempts: int = 0, fault: str = "", channel: By = By.EMAIL) -> None:
    Message.objects.create(
        kind="work_waits",
        to="deputy@agency.example",
        language="en",
        subject_kind="account",
        subject_id="1",
        state=MessageState.QUEUED,
        queued_at=timezone.now() - since,
        attempts=attempts,
        fault=fault,
        channel=channel,
        message_id=f"<{uuid.uuid4()}@sheriff.example>",
    )


def test_an_administrator_reads_what_is_missing_and_is_led_there(administrator_client: Client, report: Path) -> None:
    page = start(administrator_client)
    for sentence in (STREETS, BOUNDARY, BACKUP):
        assert sentence in page
    assert f'href="{reverse("street_list")}"' in page
    for name in ("boundary", "backup"):
        assert f'href="{reverse("portal_needs")}#{name}"' in page
        assert f'id="{name}"' in needs(administrator_client)
    assert LATE not in page


def test_a_supervisor_reads_of_streets_and_mail_and_is_told_whom_to_tell(
    supervisor_client: Client, report: Path
) -> None:
    waiting_mail(since=timedelta(minutes=16))
    page = start(supervisor_client)
    assert f"{STREETS}: no address is found" in page
    assert f"{LATE}: some of it has waited for more than 15 minutes" in page
    assert page.count("Tell an administrator.") == 2
    assert BOUNDARY not in page
    assert BACKUP not in page
    assert reverse("portal_needs") not in page


@pytest.mark.parametrize("role", ["deputy", "clerk", "auditor", "reviewer"])
def test_nobody_else_is_warned(role: str, report: Path, request: pytest.FixtureRequest) -> None:
    waiting_mail(since=timedelta(minutes=16))
    client: Client = request.getfixturevalue(f"{role}_client")
    assert "usa-alert--warning" not in start(client)


def test_mail_is_missed_while_the_server_takes_none(administrator_client: Client) -> None:
    waiting_mail(since=timedelta(minutes=5))
    waiting_mail(since=timedelta(hours=5), attempts=2, fault="HTTP 503", channel=By.TEXT)
    assert presenters.mail_lack() == ""
    waiting_mail(since=timedelta(minutes=5), attempts=2, fault="ConnectionRefusedError")
    assert AWAY in start(administrator_client)
    assert "systemctl status portal-worker@messages" in needs(administrator_client)


def test_a_warning_names_no_number_of_messages(supervisor_client: Client) -> None:
    waiting_mail(since=timedelta(hours=1))
    once = start(supervisor_client)
    waiting_mail(since=timedelta(hours=2))
    assert [line for line in once.splitlines() if LATE in line] == [
        line for line in start(supervisor_client).splitlines() if LATE in line
    ]


def test_a_boundary_of_this_year_or_of_the_offices_own_ends_the_warning(
    administrator_client: Client, settings: Settings, tmp_path: Path
) -> None:
    own = counties.own_county()
    rings = counties.rounded_polygons(own.polygon)
    outline = counties.Outline(own.fips, own.name, own.state, own.state_code, rings)
    counties.put([outline], year=2026, source="cb_2026_us_county_500k.zip")
    assert BOUNDARY not in start(administrator_client)
    assert "The county&#x27;s boundary of 2026 is in use." in needs(administrator_client)
    settings.AGENCY_BOUNDARY = str(tmp_path / "gone.geojson")
    assert "boundary can&#x27;t be read: nobody can register a place." in start(administrator_client)


def test_the_offices_own_boundary_is_enough(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "own.geojson"
    path.write_text('{"type": "Polygon", "coordinates": [[[-87, 33], [-86, 33], [-86, 34], [-87, 33]]]}')
    settings.AGENCY_BOUNDARY = str(path)
    assert presenters.boundary_lack() == ""
    assert presenters.boundary_there() == "The office's own boundary is in use."


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(hours=1), ""),
        (timedelta(days=1, hours=23), ""),
        (timedelta(days=2, minutes=1), "The last reported backup is from Nov. 30, 2026."),
    ],
)
def test_a_backup_counts_for_two_days(ago: timedelta, said: str, report: Path) -> None:
    with time_machine.travel("2026-12-02 18:00Z", tick=False):
        report.write_text(f"{timezone.now() - ago:%Y-%m-%dT%H:%M:%SZ}\n")
        assert presenters.backup_lack() == said


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"yesterday",
        b"2026-13-01T00:00:00Z",
        b"2026-12-01T00:00:00",
        b"\xff\xfe",
        b"2999-01-01T00:00:00Z",
        b"x" * 9999,
    ],
)
def test_a_report_that_is_no_time_of_a_backup_counts_as_none(content: bytes, report: Path) -> None:
    report.write_bytes(content)
    assert selectors.last_backup() is None
    assert presenters.backup_lack().startswith(BACKUP)


def test_a_report_that_can_not_be_opened_counts_as_none(report: Path) -> None:
    report.mkdir()
    assert presenters.backup_lack().startswith(BACKUP)


def test_where_no_report_is_configured_nothing_is_missed(settings: Settings) -> None:
    settings.BACKUP_REPORT = None
    assert presenters.backup_lack() == ""


def test_the_command_of_the_page_writes_what_the_portal_reads(report: Path) -> None:
    """The same format as `date -u +%FT%TZ`."""
    report.write_text("2026-12-01T07:30:00Z\n")
    assert selectors.last_backup() == datetime.fromisoformat("2026-12-01T07:30:00+00:00")


def test_reading_warnings_is_no_entry(administrator_client: Client, report: Path) -> None:
    start(administrator_client)
    needs(administrator_client)
    assert entries_of(Event.PEOPLE_LISTED) == []
