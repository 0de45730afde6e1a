"""Owners by the thousand, each with a camera, in a line from Linn Park to the north."""

from collections.abc import Sequence
from uuid import uuid4

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point, Precision
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, north_of

LINE_M = 250


def register_many(owners: int, *, first: int = 0) -> None:
    """Register them. first: the number that begins their addresses of e-mail."""
    register_at([north_of(LINN_PARK, number / owners * LINE_M) for number in range(owners)], first=first)


def register_at(points: Sequence[Point], *, first: int = 0) -> list[Camera]:
    """Register an owner at each point, and return their cameras."""
    users = User.objects.bulk_create(
        User(email=f"owner.{first + number}@people.example") for number in range(len(points))
    )
    registrants = Registrant.objects.bulk_create(
        Registrant(user=user, kind="person", name="Owner", phone="205-555-0117", language="en") for user in users
    )
    premises = Premises.objects.bulk_create(
        Premises(
            id=uuid4(),
            registrant=registrant,
            kind="home",
            street=f"{600 + number} 20th Street North",
            city="Birmingham",
            state="AL",
            zip_code="35203",
            county_fips="01073",
            latitude=point.latitude,
            longitude=point.longitude,
            precision=Precision.PINNED,
        )
        for number, (registrant, point) in enumerate(zip(registrants, points, strict=True))
    )
    return Camera.objects.bulk_create(Camera(premises=place, name="Door") for place in premises)
