"""The demo's registrants: homes and shops around the south side of Birmingham, each with a camera or two."""

import random
from collections.abc import Iterator

from fusus_portal.demo.data import places
from fusus_portal.demo.data.cast import PUBLIC, Person, account, signed_in
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency.selectors import in_force
from registry.people.models import Registrant
from registry.people.services import registrants
from registry.places.models import Premises
from registry.places.services.cameras import CameraDetails
from registry.places.services.premises import NewPremises

SEED = 1073
MIDDLE = places.block("11th Ave S", 2000)
HOUSEHOLDS = 34
NEAR_M = 850
"""How far from the middle the neighbors live."""

HOMES = ["2024 Magnolia Ave S", "2041 11th Ave S"]
"""Where the people are whom a visitor signs in as."""

FIRST = ["Ada", "Ben", "Carla", "Dev", "Elena", "Frank", "Grace", "Hugo", "Ines", "Jamal", "Kim", "Luis", "Mona"]
LAST = ["Abbott", "Brooks", "Castillo", "Dawson", "Evans", "Fuentes", "Green", "Hall", "Ivey", "Jordan", "Knox"]
CAMERAS = [
    CameraDetails("Front door", kind="Doorbell", covers="Porch and the sidewalk in front", days_kept=14),
    CameraDetails(
        "Driveway",
        kind="Stays still",
        covers="Driveway and street to the east",
        facing=90,
        angle=100,
        reach_m=25,
        days_kept=7,
    ),
    CameraDetails("Back gate", kind="Stays still", covers="Alley behind the house"),
    CameraDetails(
        "Parking lot",
        kind="Turns and zooms",
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
    near = [name for name, house in places.houses().items() if house.point.distance_m(MIDDLE.point) < NEAR_M]
    homes = [*HOMES, *chance.sample(near, k=HOUSEHOLDS)]
    everyone = zip(_everyone(chance), homes, strict=True)
    return [_registrant(account(person), home, chance, number) for number, (person, home) in enumerate(everyone)]


def _everyone(chance: random.Random) -> Iterator[Person]:
    yield from PUBLIC
    for number in range(HOUSEHOLDS):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        yield Person(Role.RESIDENT, f"neighbor{number + 1}@demo.example", name, chance.choice(["en", "en", "en", "es"]))


def _registrant(user: User, home: str, chance: random.Random, number: int) -> Registrant:
    cameras = chance.sample(CAMERAS[3:] if user.role == Role.BUSINESS else CAMERAS[:3], k=chance.choice([1, 1, 2]))
    found = Registrant.objects.filter(user=user).first()
    return found or register(user, home=home, phone=f"205-555-01{number:02}", cameras=cameras)


def register(user: User, *, home: str, phone: str, cameras: list[CameraDetails]) -> Registrant:
    """Register a business for an account of that role, else a home. home: a house of the town, by its address."""
    is_business = user.role == Role.BUSINESS
    house = places.houses()[home]
    with signed_in(user):
        return registrants.register(
            by=user,
            kind="business" if is_business else "person",
            name=user.name,
            phone=phone,
            language=user.language,
            place=NewPremises(kind="business" if is_business else "home", address=house.address, pin=house.point),
            cameras=cameras,
            documents=[document.pk for document in in_force()],
        )


def place_of(owner: Registrant) -> Premises:
    """Return the first place of an owner."""
    return owner.premises.registered().earliest("added_at")
