"""The demo's town: loaded when it has to be, and what the demo tells of is in it."""

from collections import Counter
from datetime import datetime, time, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.utils import timezone
from pytest_django.fixtures import Settings

from fusus_portal.demo.data import neighborhood, office, town
from fusus_portal.demo.data.tiger import Home
from fusus_portal.ground.notifications.models import TextNumber
from fusus_portal.ground.streets import street_map as streets
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.matches import Found
from fusus_portal.ground.streets.models import House, StreetData
from fusus_portal.oversight.review.models import ReviewExplanation, ReviewFinding, ReviewWeek
from integration.clips.models import Clip
from integration.sharing.models import SharingRule
from integration.sharing.policies import Asked, failed_condition
from integration.sharing.selectors import current_agreement
from registry.incidents.models import Correction, Incident
from registry.places.models import Confirmation, ConfirmedBy, Premises
from tests.database.clone import Clone
from tests.people import make_person

SILENT = OutputWrapper(StringIO())


@pytest.mark.django_db
class TestTheTown:
    def test_it_is_loaded_once_and_called_what_it_is(self, tmp_path: Path) -> None:
        assert town.load(tmp_path / "town", output=SILENT)
        assert not town.load(tmp_path / "town", output=SILENT)
        assert (StreetData.objects.get().attribution, streets.drawn_map()[1]) == (
            town.ATTRIBUTION,
            "Drawn for this demo",
        )
        assert House.objects.count() == len(town.homes())

    def test_it_is_loaded_again_when_it_was_drawn_otherwise(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        town.load(tmp_path, output=SILENT)
        fewer: tuple[Home, ...] = town.homes()[:9]
        monkeypatch.setattr(town, "homes", lambda: fewer)
        assert town.load(tmp_path, output=SILENT)
        assert House.objects.filter(data=StreetData.objects.get(state="current")).count() == 9

    def test_what_somebody_else_loaded_stays(self, tmp_path: Path) -> None:
        call_command("places", "load", *map(str, town.write(tmp_path)), stdout=SILENT, stderr=SILENT)
        assert not town.load(tmp_path / "town", output=SILENT)
        assert streets.drawn_map()[1] == "U.S. Census Bureau and county data"


def first(text: str) -> Found:
    """Return what a text means before all else."""
    return finder.find_places(text)[0]


def noon_of_next_monday() -> datetime:
    today = timezone.localdate()
    return timezone.make_aware(datetime.combine(today + timedelta(days=7 - today.weekday()), time(12)))


def condition_at(moment: datetime) -> str:
    """Return the owner's condition by which the camera of opening hours is not shared at a moment, "" if it is."""
    rule = SharingRule.objects.get(mode="outside")
    agreement = current_agreement(rule.camera.camera.premises.registrant)
    failed = failed_condition(Asked(rule, agreement, None, moment))
    return failed.name if failed else ""


def each_feature_is_at_work() -> None:
    """Everything that a visitor can try is there once, although the command ran twice."""
    assert list(ReviewWeek.objects.order_by("begins_at").values_list("state", flat=True)) == ["signed", "open"]
    assert ReviewFinding.objects.count() == 1
    modes = Counter(SharingRule.objects.values_list("mode", flat=True))
    assert modes == {"incident": 3, "outside": 1}
    assert [condition_at(moment) for moment in (timezone.now(), noon_of_next_monday())] == ["", "hours"]
    assert Clip.objects.get().state == "ordered"
    assert TextNumber.objects.get().confirmed_at is not None
    assert Incident.objects.filter(state="closed", settled_at__isnull=False).count() == 6
    assert Correction.objects.get(made_at=None).incident.opened_by.role == "deputy"
    assert set(ReviewExplanation.objects.values_list("state", flat=True)) == {"wanted", "given"}


def test_all_that_the_demo_tells_of_is_in_the_town(portal_db: Clone, settings: Settings, tmp_path: Path) -> None:
    settings.DEBUG = settings.FIGURES_OF_TODAY = True
    settings.LOCAL_DIR = tmp_path
    settings.TEXT_URL, settings.TEXT_SENDER = "http://localhost:8000/demo/texts/gateway/", "+12055550199"
    for person in neighborhood.AGENCY:
        make_person(person.role, person.email, name=person.name)
    for _run in range(2):
        call_command("demo", stdout=SILENT, stderr=SILENT)
    registered = list(Premises.objects.all())
    assert len({place.street for place in registered}) == len(registered) >= 40
    confirmed = Confirmation.objects.values_list("way", flat=True)
    assert set(confirmed) == set(ConfirmedBy.values)
    assert len(confirmed) < len(registered) / 2
    for place in registered:
        found = first(str(place.address))
        assert (found.label, found.precision) == (place.street, "rooftop")
        assert found.point.distance_m(place.point) < 1
        assert town.block_at(place.point).point.distance_m(place.point) < 90
    each_feature_is_at_work()
    incidents = list(Incident.objects.all())
    assert len(incidents) >= 6
    for incident in incidents:
        found = first(incident.place)
        assert (found.label, found.precision) == (incident.place, "street")
        assert found.point.distance_m(incident.point) < 70


@pytest.mark.django_db
def test_a_former_registry_has_addresses_of_the_town(tmp_path: Path) -> None:
    town.load(tmp_path, output=SILENT)
    rows = office.FORMER_REGISTRY.read_text(encoding="utf-8").splitlines()[1:]
    good = [cells for row in rows if (cells := row.split(","))[2] and cells[0] != "Pat Nowhere"]
    assert len(good) == 4
    for _name, _email, street, city, zip_code, *_more in good:
        assert first(f"{street}, {city} {zip_code}").precision == "rooftop"
