"""The demo's annual report: released once figures are public, of last year, and no second time."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.log.events import Event
from fusus_portal.demo import tasks
from fusus_portal.demo.data import office
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.annual.models import AnnualReport
from tests.oversight.figures.entries import of_incidents
from tests.sealed_log import SealedLog


@pytest.mark.django_db(transaction=True)
def test_it_is_released_once_the_log_was_published(
    sealed_log: SealedLog, administrator: User, settings: Settings
) -> None:
    settings.DEBUG = settings.FIGURES_OF_TODAY = True
    of_incidents(Event.INCIDENT_OPENED, 2, crime="robbery")
    office.release_figures(administrator=administrator)
    tasks.release_year()
    assert not AnnualReport.objects.exists()
    sealed_log.seal_and_publish()
    settings.DEBUG = False
    tasks.release_year()
    assert not AnnualReport.objects.exists()  # it is no demo
    settings.DEBUG = True
    for _run in range(2):
        tasks.release_year()
    report, year = AnnualReport.objects.get(), timezone.localdate().year - 1
    assert (report.year, report.number) == (year, 1)
    assert office.YEAR_TEXTS["cost"] in report.texts.values()
    content = report.content
    assert (content["first"], content["last"]) == (f"{year}-01-01", f"{year}-12-31")
    assert content["numbers"]["incidents"] == 2
    page = Client().get(reverse("annual_report", args=[year])).content.decode()
    assert "This is the demo" in page
    assert reverse("annual_report", args=[year]) in Client().get(reverse("demo")).content.decode()
