"""Staff add addresses that the county's files lack, and take them out again."""

import pytest
from django.core.exceptions import ValidationError

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.streets import selectors, services
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.models import House, Street, StreetData
from fusus_portal.ground.streets.services import NewAddress
from tests.factories import person

from . import uploads

pytestmark = pytest.mark.django_db

THERE = Point(33.5021, -86.7991)
KNOWN_STREET = NewAddress("1108 20TH ST S", "Birmingham", "35205", THERE)
NEW_STREET = NewAddress("7 Nowhere Ln", "Vestavia Hills", "35216", THERE)


def labels(text: str) -> list[str]:
    """Return what is found for a text, without what is only near."""
    return [each.address for each in finder.find_places(text) if not each.is_near]


@pytest.mark.parametrize(
    ("address", "text", "found"),
    [
        pytest.param(KNOWN_STREET, "1108 20th street s", "1108 20th St S, Birmingham 35205", id="known street"),
        pytest.param(NEW_STREET, "7 nowhere lane", "7 Nowhere Ln, Vestavia Hills 35216", id="new street"),
    ],
)
def test_it_is_found_at_once_and_after_the_next_loading(
    address: NewAddress, text: str, found: str, administrator: User
) -> None:
    uploads.current()
    assert labels(text) == []
    services.add_address(address=address, by=administrator)
    assert labels(text) == [found]
    uploads.current()
    assert labels(text) == [found]
    services.go_back_to_previous(by=administrator)
    assert labels(text) == [found]


def test_one_of_an_earlier_release_which_parted_its_name_otherwise_is_taken_out_whole(administrator: User) -> None:
    uploads.current()
    added = services.add_address(address=NEW_STREET, by=administrator)
    Street.objects.filter(label__startswith="Nowhere").update(key="NOWHERELN", kind="")
    uploads.current()
    assert labels("7 nowhere lane") == ["7 Nowhere Ln, Vestavia Hills 35216"]
    Street.objects.filter(label__startswith="Nowhere").update(key="NOWHERELN", kind="")
    services.take_out_address(added=added, by=administrator)
    assert labels("7 nowhere lane") == []
    assert not House.objects.filter(number=7, street__label__startswith="Nowhere").exists()


def test_it_is_found_at_the_street_and_not_at_the_pin_of_its_resident(administrator: User) -> None:
    uploads.current()
    services.add_address(address=NEW_STREET, by=administrator)
    (found,) = finder.find_places("7 Nowhere Ln")
    assert (found.precision, found.point) == ("range", Point(33.502, -86.799))


def test_in_a_town_with_streets_it_is_found_in_front_of_the_house(southside: StreetData, administrator: User) -> None:
    house = finder.find_places("2024 11th Ave S")[0]
    pin = Point(house.point.latitude + 0.00005, house.point.longitude)
    services.add_address(address=NewAddress("9024 11th Ave S", "Birmingham", "35205", pin), by=administrator)
    (found,) = finder.find_places("9024 11th Ave S")
    assert 5 < found.point.distance_m(pin) < 40


def test_it_is_not_offered_as_a_number_near_another(administrator: User) -> None:
    """In a county with ranges alone these would be the homes of people who registered."""
    uploads.current()
    services.add_address(address=KNOWN_STREET, by=administrator)
    assert {each.label for each in finder.find_places("9000 20th St S")} == {"1104 20th St S", "1106 20th St S"}


def test_its_city_is_known_from_then_on(administrator: User) -> None:
    uploads.current()
    services.add_address(address=NEW_STREET, by=administrator)
    assert labels("7 Nowhere Ln, Vestavia Hills AL 35216") == ["7 Nowhere Ln, Vestavia Hills 35216"]


def test_twice_has_one_effect_and_one_entry(administrator: User) -> None:
    data = uploads.current()
    for _time in range(2):
        services.add_address(address=KNOWN_STREET, by=administrator)
    assert House.objects.filter(data=data).count() == len(uploads.HOMES) + 1
    assert AuditEntry.objects.filter(event=Event.ADDRESS_ADDED).count() == 1
    data.refresh_from_db()
    assert data.counts["addresses"] == len(uploads.HOMES) + 1


def test_what_the_files_have_is_not_written_twice(administrator: User) -> None:
    uploads.current()
    services.add_address(address=NewAddress("1104 20th St S", "Birmingham", "35205", THERE), by=administrator)
    assert labels("1104 20th St S") == ["1104 20th St S, Birmingham 35205"]
    assert finder.find_places("1104 20th St S")[0].point != THERE


def test_the_entry_does_not_say_the_address(administrator: User) -> None:
    uploads.current()
    added = services.add_address(address=NEW_STREET, by=administrator)
    entry = AuditEntry.objects.get(event=Event.ADDRESS_ADDED)
    assert (entry.subject_kind, entry.subject_id, entry.facts) == ("address", str(added.pk), {})


def test_taken_out_it_is_gone_and_stays_so(administrator: User) -> None:
    uploads.current()
    added = services.add_address(address=NEW_STREET, by=administrator)
    services.take_out_address(added=added, by=administrator)
    assert labels("7 Nowhere Ln") == []
    uploads.current()
    assert labels("7 Nowhere Ln") == []
    assert not selectors.added().exists()


def test_taking_out_leaves_what_the_files_have(administrator: User) -> None:
    uploads.current()
    address = NewAddress("1104 20th St S", "Birmingham", "35205", THERE)
    services.take_out_address(added=services.add_address(address=address, by=administrator), by=administrator)
    assert labels("1104 20th St S") == ["1104 20th St S, Birmingham 35205"]


@pytest.mark.parametrize("street", ["Nowhere Ln", "7", "seven Nowhere Ln", ""])
def test_an_address_without_a_number_or_a_street_is_refused(street: str, administrator: User) -> None:
    uploads.current()
    with pytest.raises(ValidationError, match="Write the house number and the street"):
        services.add_address(address=NewAddress(street, "Birmingham", "35205", THERE), by=administrator)


def test_there_is_nothing_to_add_to_before_the_first_loading(administrator: User) -> None:
    with pytest.raises(Stale, match="Load the county's streets and addresses first"):
        services.add_address(address=NEW_STREET, by=administrator)


@pytest.mark.parametrize("role", ["deputy", "supervisor", "auditor", "clerk"])
def test_only_administrators_correct_the_data(role: str, administrator: User) -> None:
    uploads.current()
    added = services.add_address(address=KNOWN_STREET, by=administrator)
    with pytest.raises(Refused):
        services.add_address(address=NEW_STREET, by=person(role))
    with pytest.raises(Refused):
        services.take_out_address(added=added, by=person(role))
    assert labels("1108 20th St S") == ["1108 20th St S, Birmingham 35205"]
