"""Places of before confirmations: what an import brought and where a CORE works is confirmed, nothing else."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from registry.canvasses.models import Canvass
from registry.imports.services import imports
from registry.people.services import moves
from registry.places.models import Confirmation, Premises
from registry.places.services import premises
from tests.factories import CAPITOL, LINN_PARK, canvass_at, north_of, place_at, registrant_at
from tests.integration.cores.devices import allocated, business_at
from tests.registry.imports.import_files import line, started

pytestmark = pytest.mark.django_db


def migrate() -> set[tuple[str, str]]:
    """Forget what is confirmed, and do what the migrations do; return street and way of each place confirmed then."""
    Confirmation.objects.all().delete()
    with connection.cursor() as cursor:
        for app, name in (("registry", "0008_confirmed_places"), ("integration", "0005_confirmed_places")):
            cursor.execute(import_module(f"{app}.migrations.{name}").EARLIER)
    rows = Confirmation.objects.filter(ended_at__isnull=True).select_related("premises")
    assert all(row.point == row.premises.point for row in rows)
    return {(row.premises.street, row.way) for row in rows}


def test_a_place_that_somebody_registered_is_not_confirmed() -> None:
    registrant_at()
    assert migrate() == set()


def test_a_place_is_confirmed_that_is_as_its_import_brought_it() -> None:
    imports.work(pk=started([line(1), line(2), line(3)]).pk)
    _first, second, third = Premises.objects.order_by("street")
    moves.move(premises=second, by=second.registrant.user, place=place_at(LINN_PARK, address=CAPITOL))
    premises.move_pin(premises=third, by=third.registrant.user, pin=north_of(LINN_PARK, 300))
    assert migrate() == {("1 Oak Street", "import")}


def test_a_place_that_an_imported_person_added_later_is_not_confirmed() -> None:
    imports.work(pk=started([line(1)]).pk)
    registrant = Premises.objects.get().registrant
    premises.add(registrant=registrant, by=registrant.user, place=place_at(LINN_PARK, address=CAPITOL))
    assert migrate() == {("1 Oak Street", "import")}


def test_a_place_is_confirmed_where_a_core_was_activated_and_has_not_been_elsewhere_since() -> None:
    stays, moved = business_at(), business_at()
    for registrant in (stays, moved):
        allocated(registrant=registrant).activate()
    premises.move_pin(premises=moved.premises.get(), by=moved.user, pin=north_of(LINN_PARK, 300))
    assert migrate() == {(stays.premises.get().street, "core")}
    assert Confirmation.objects.get().premises == stays.premises.get()


def test_a_canvass_of_before_searched_when_it_was_made() -> None:
    canvass = canvass_at("sent")
    made_at = timezone.now() - timedelta(days=9)
    Canvass.objects.filter(pk=canvass.pk).update(created_at=made_at)
    migrate()
    canvass.refresh_from_db()
    assert canvass.searched_at == made_at
