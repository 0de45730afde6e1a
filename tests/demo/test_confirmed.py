"""Places of the demo that are confirmed: in each way by the services, and a second run adds none."""

from collections import Counter

import pytest

from fusus_portal.demo.data import neighborhood
from fusus_portal.ground.accounts.models import User
from registry.canvasses.models import FootageRequest
from registry.letters.models import Letter, LetterBatch
from registry.places.models import Confirmation, ConfirmedBy
from tests.database.clone import Clone
from tests.factories import canvass_at, person, registrant_at
from tests.registry.letters.post import know_addresses


def test_letters_are_typed_on_their_way_to_be_opened_and_waiting(portal_db: Clone) -> None:
    know_addresses()
    people, clerk = [registrant_at() for _each in range(9)], person("clerk")
    for _run in range(2):
        neighborhood.confirm_by_letters(people=people, clerk=clerk)
    assert Counter(Letter.objects.values_list("state", flat=True)) == {"used": 2, "printed": 4, "waiting": 1}
    assert Confirmation.objects.filter(way=ConfirmedBy.LETTER).count() == 2
    to_open = LetterBatch.objects.get(opened_at__isnull=True)
    assert to_open.letters.count() == 3
    assert to_open.letters.filter(premises__registrant=people[0]).exists()


@pytest.mark.django_db
def test_neighbors_come_from_the_former_registry_with_their_pins() -> None:
    for _run in range(2):
        neighborhood.confirm_by_import(administrator=person("administrator"))
    rows = Confirmation.objects.select_related("premises")
    assert {row.premises.street: row.way for row in rows} == dict.fromkeys(neighborhood.IMPORTED, ConfirmedBy.IMPORT)
    assert {row.precision for row in rows} == {"rooftop"}


@pytest.mark.django_db
def test_a_deputy_meets_all_neighbors_but_the_first_two(deputy: User) -> None:
    canvass = canvass_at("sent", cameras=3, by=deputy)
    neighborhood.confirm_at_doors(canvass=canvass, deputy=deputy)
    last = FootageRequest.objects.filter(canvass=canvass).latest("registrant__registered_at").registrant
    row = Confirmation.objects.get()
    assert (row.way, row.premises.registrant) == (ConfirmedBy.DOOR, last)
