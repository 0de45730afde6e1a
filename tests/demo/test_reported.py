"""The demo's annual report: released once figures are public, of the running year, and no second time."""

import pytest
from django.test import override_settings
from django.utils import timezone

from fusus_portal.demo.data import office
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.annual.models import AnnualReport
from tests.sealed_log import SealedLog


@pytest.mark.django_db(transaction=True)
@override_settings(FIGURES_OF_TODAY=True)
def test_it_is_released_once_the_log_was_published(sealed_log: SealedLog, administrator: User) -> None:
    office.release_figures(administrator=administrator)
    office.release_year(administrator=administrator)
    assert not AnnualReport.objects.exists()
    sealed_log.seal_and_publish()
    for _run in range(2):
        office.release_year(administrator=administrator)
    report = AnnualReport.objects.get()
    assert (report.year, report.number) == (timezone.localdate().year, 1)
    assert office.YEAR_TEXTS["cost"] in report.texts.values()
