"""A canvass in a dense quarter: 5,000 owners are asked in one act."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Precision
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.services import canvasses
from registry.people.models import Registrant
from registry.places.models import Camera, Premises
from tests.factories import LINN_PARK, draft_of, incident_at, north_of

OWNERS = 5000


def _register_many() -> None:
    users = User.objects.bulk_create(User(email=f"owner.{number}@people.example") for number in range(OWNERS))
    registrants = Registrant.objects.bulk_create(
        Registrant(user=user, kind="person", name="Owner", phone="205-555-0117", language="en") for user in users
    )
    points = [north_of(LINN_PARK, number / OWNERS * 250) for number in range(OWNERS)]
    premises = Premises.objects.bulk_create(
        Premises(
            id=uuid4(),
            registrant=registrant,
            kind="home",
            street="600 20th Street North",
            city="Birmingham",
            state="AL",
            zip_code="35203",
            county_fips="01073",
            latitude=point.latitude,
            longitude=point.longitude,
            precision=Precision.PINNED,
        )
        for registrant, point in zip(registrants, points, strict=True)
    )
    Camera.objects.bulk_create(Camera(premises=place, name="Door") for place in premises)


@pytest.mark.long
@pytest.mark.django_db
def test_five_thousand_owners_are_asked_in_one_act() -> None:
    _register_many()
    canvass = draft_of(incident_at())
    assert canvasses.show(canvass=canvass, by=canvass.created_by).owners == OWNERS
    with CaptureQueriesContext(connection) as captured:
        canvasses.send(canvass=canvass, by=canvass.created_by)
    assert len(captured) <= 40
    assert FootageRequest.objects.count() == OWNERS
    assert Message.objects.filter(kind=MessageKind.FOOTAGE_REQUEST).count() == OWNERS
    assert len(set(FootageRequest.objects.values_list("number", flat=True))) == OWNERS
    canvasses.close(canvass=canvass, by=canvass.created_by)
    assert set(FootageRequest.objects.values_list("state", flat=True)) == {"withdrawn"}
