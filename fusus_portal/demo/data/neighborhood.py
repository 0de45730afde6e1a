"""The demo's registrants: homes and shops around the south side of Birmingham, each with a camera or two."""

import random
from collections.abc import Iterator

from fusus_portal.demo.data.cast import PUBLIC, Person, account, signed_in
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency.selectors import in_force
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Point
from registry.people.models import Registrant
from registry.people.services import registrants
from registry.places.models import Premises
from registry.places.services.cameras import CameraDetails
from registry.places.services.premises import NewPremises

SEED = 1073
CENTER = Point(33.5012, -86.7987)
HOUSEHOLDS = 34
SPREAD_DEGREES = 0.008
STREETS = [
    "11th Avenue South", "12th Avenue South", "Highland Avenue South", "20th Street South", "Magnolia Avenue South",
    "22nd Street South", "Cobb Lane South", "13th Avenue South", "Richard Arrington Jr. Boulevard South",
]  # fmt: skip
FIRST = ["Ada", "Ben", "Carla", "Dev", "Elena", "Frank", "Grace", "Hugo", "Ines", "Jamal", "Kim", "Luis", "Mona"]
LAST = ["Abbott", "Brooks", "Castillo", "Dawson", "Evans", "Fuentes", "Green", "Hall", "Ivey", "Jordan", "Knox"]
CAMERAS = [
    CameraDetails("Front door", kind="Doorbell", covers="Porch and the sidewalk in front", days_kept=14),
    CameraDetails(
        "Driveway",
        kind="Fixed",
        covers="Driveway and street to the east",
        facing=90,
        angle=100,
        reach_m=25,
        days_kept=7,
    ),
    CameraDetails("Back gate", kind="Fixed", covers="Alley behind the house"),
    CameraDetails(
        "Parking lot",
        kind="PTZ",
        covers="Parking lot and both entrances",
        facing=180,
        angle=360,
        reach_m=40,
        days_kept=30,
    ),
    CameraDetails("Shop entrance", kind="Dome", covers="Entrance and the bus stop"),
]


def people() -> list[Registrant]:
    """Return the registrants; register those who are missing."""
    chance = random.Random(SEED)  # noqa: S311  (a neighborhood, not a secret)
    return [_registrant(account(person), chance, number) for number, person in enumerate(_everyone(chance))]


def _everyone(chance: random.Random) -> Iterator[Person]:
    yield from PUBLIC
    for number in range(HOUSEHOLDS):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        yield Person(Role.RESIDENT, f"neighbor{number + 1}@demo.example", name, chance.choice(["en", "en", "en", "es"]))


def _registrant(user: User, chance: random.Random, number: int) -> Registrant:
    near = SPREAD_DEGREES / 8 if number < len(PUBLIC) else SPREAD_DEGREES
    pin = Point(
        round(CENTER.latitude + chance.uniform(-near, near), 6),
        round(CENTER.longitude + chance.uniform(-near, near), 6),
    )
    street = f"{chance.randrange(1000, 2999)} {chance.choice(STREETS)}"
    cameras = chance.sample(CAMERAS[3:] if user.role == Role.BUSINESS else CAMERAS[:3], k=chance.choice([1, 1, 2]))
    found = Registrant.objects.filter(user=user).first()
    return found or register(user, street=street, pin=pin, phone=f"205-555-01{number:02}", cameras=cameras)


def register(user: User, *, street: str, pin: Point, phone: str, cameras: list[CameraDetails]) -> Registrant:
    """Register a business for an account of that role, else a home."""
    is_business = user.role == Role.BUSINESS
    address = Address(street, "Birmingham", "AL", "35205")
    with signed_in(user):
        return registrants.register(
            by=user,
            kind="business" if is_business else "person",
            name=user.name,
            phone=phone,
            language=user.language,
            place=NewPremises(kind="business" if is_business else "home", address=address, pin=pin),
            cameras=cameras,
            documents=[document.pk for document in in_force()],
        )


def place_of(owner: Registrant) -> Premises:
    """Return the first place of an owner."""
    return owner.premises.registered().earliest("added_at")
