"""People of the demo, one or two of each role, and their neighbors: homes and shops with a camera or two.

Some places are confirmed, by letter, at the door, by card and by import. All others wait for confirmation.
"""

import csv
import io
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from types import SimpleNamespace

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from simple_history.models import HistoricalRecords

from fusus_portal.demo.data import town
from fusus_portal.ground.accounts import selectors as accounts
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, Role
from fusus_portal.ground.agency.selectors import in_force
from fusus_portal.ground.database.owner import as_owner
from registry.canvasses.models import Canvass
from registry.canvasses.services import requests
from registry.imports.models import ImportBatch
from registry.imports.parser.columns import guess_columns
from registry.imports.services import imports
from registry.letters import policies, services as letters
from registry.letters.models import Letter, LetterBatch
from registry.people.services import registrants
from registry.places.models import ConfirmedBy, Premises
from registry.places.services import premises
from registry.places.services.cameras import CameraDetails
from registry.places.services.premises import NewPremises
from registry.registrants.models import Registrant
from shop.payments.services import payments

PASSWORD = "plum river seven lanterns"  # noqa: S105  (of accounts that exist in the demo only; the demo prints it)
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  (likewise)


@dataclass(frozen=True, slots=True)
class Person:
    """A person with an account. `manage.py signin ROLE` signs in the first person of a role."""

    role: Role
    email: str
    name: str
    language: str = "en"


AGENCY = [
    Person(Role.DEPUTY, "deputy@demo.example", "Dana Whitfield"),
    Person(Role.DEPUTY, "deputy2@demo.example", "Marcus Bell"),
    Person(Role.SUPERVISOR, "supervisor@demo.example", "Lt. Ruth Alvarez"),
    Person(Role.SUPERVISOR, "supervisor2@demo.example", "Sgt. Tom Okafor"),
    Person(Role.AUDITOR, "auditor@demo.example", "Priya Raman"),
    Person(Role.CLERK, "clerk@demo.example", "Joan Pickett"),
    Person(Role.ADMINISTRATOR, "administrator@demo.example", "Alex Monroe"),
    Person(Role.ADMINISTRATOR, "administrator2@demo.example", "Sam Tillery"),
    Person(Role.REVIEWER, "reviewer@demo.example", "Ines Duarte"),
]
PUBLIC = [
    Person(Role.RESIDENT, "resident@demo.example", "Maria Lopez", "es"),
    Person(Role.BUSINESS, "business@demo.example", "Five Points Hardware"),
]


@contextmanager
def signed_in(user: User) -> Iterator[None]:
    """Record this person as the author of changes in the history of rows, as a request of theirs would."""
    HistoricalRecords.context.request = SimpleNamespace(user=user)
    try:
        yield
    finally:
        del HistoricalRecords.context.request


def account_of(person: Person) -> User:
    """Return a person's account; if missing, make it as an operator at the server does, without two administrators."""
    found = User.objects.filter(email=person.email).first()
    if found is not None:
        return found
    made = User(email=person.email, role=person.role, name=person.name, language=person.language)
    if person.role in AGENCY_ROLES:
        made.pseudonym = accounts.new_pseudonym(person.role)
        made.call_back_number = "205-555-0142"
    made.set_password(PASSWORD)
    with as_owner() if made.is_agency else nullcontext():
        made.save(force_insert=True)
        EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
        if made.is_agency:
            TOTP.activate(made, TOTP_SECRET)
    return made


SEED = 1073
MIDDLE = town.block("11th Ave S", 2000)
HOUSEHOLDS = 34
NEAR_M = 850
"""Neighbors live within so many meters of the 2000 block of 11th Avenue."""

HOMES = ["2024 Magnolia Ave S", "2041 11th Ave S"]
"""Homes of the two people that a visitor signs in as."""

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


def neighbors() -> list[Registrant]:
    chance = random.Random(SEED)  # noqa: S311  (a neighborhood, not a secret)
    near = [name for name, house in town.houses().items() if house.point.distance_m(MIDDLE.point) < NEAR_M]
    homes = [*HOMES, *chance.sample(near, k=HOUSEHOLDS)]
    everyone = zip(_everyone(chance), homes, strict=True)
    return [_registrant(account_of(person), home, chance, number) for number, (person, home) in enumerate(everyone)]


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
    """Register a business for an account of that role, else a resident. home: their house, by number and street."""
    is_business = user.role == Role.BUSINESS
    house = town.houses()[home]
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
    return owner.premises.registered().earliest("added_at")


IMPORTED = {"2056 11th Ave S": "Nora Whitman", "2072 11th Ave S": "Earl Simmons"}
"""People whom an import from a former registry registers, by house."""

REGISTRY_HEADER = ["Name", "Email", "Street", "City", "Zip", "Lat", "Long", "Camera", "Consent date", "Consent source"]


def confirm_by_import(*, administrator: User) -> None:
    if ImportBatch.objects.exists():
        return
    batch = imports.upload(content=_former_registry(), encoding="utf-8", by=administrator)
    batch = imports.check(batch=batch, columns=guess_columns(batch.header), points="rooftop", by=administrator)
    imports.work(pk=batch.pk)
    batch.refresh_from_db()
    imports.start(batch=batch, by=administrator)
    imports.work(pk=batch.pk)


def confirm_by_letters(*, people: Sequence[Registrant], clerk: User) -> None:
    """Send letters, once: two whose codes are typed, one on its way, three for a clerk to open, one in no batch yet.

    The resident's letter is among those to open: a visitor can read its code as a clerk and type it as the resident.
    """
    if Letter.objects.exists():
        return
    resident, _shop, *others = people
    near = sorted(others, key=lambda owner: place_of(owner).point.distance_m(MIDDLE.point))
    sent, to_open, waiting = near[1:4], [resident, *near[4:6]], near[6]
    typed = _print_letters(sent)
    letters.open_batch(batch=LetterBatch.objects.get(), by=clerk)
    for owner, code in list(zip(sent, typed, strict=True))[:2]:
        letters.enter_code(registrant=owner, by=owner.user, code=code)
    _print_letters(to_open)
    _ask_letter(waiting)


def confirm_at_doors(*, canvass: Canvass, deputy: User) -> None:
    """Let a deputy confirm neighbors in a canvass at their doors, except the first two, as whom visitors sign in."""
    for owner in Registrant.objects.filter(requests__canvass=canvass).order_by("registered_at")[2:]:
        requests.confirm_door(canvass=canvass, by=deputy, premises=place_of(owner).pk)


def confirm_by_card(*, buyer: Registrant) -> None:
    """Confirm a buyer's place as the payment service's answer about a card does."""
    with transaction.atomic():
        premises.confirm(premises=place_of(buyer), way=ConfirmedBy.CARD, actor=payments.SETTLING)


def _former_registry() -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(REGISTRY_HEADER)
    for number, (home, name) in enumerate(IMPORTED.items(), 1):
        house = town.houses()[home]
        address, point = house.address, house.point
        person = [name, f"former{number}@demo.example"]
        where = [address.street, address.city, address.zip_code, point.latitude, point.longitude]
        writer.writerow([*person, *where, "Porch", "2024-05-02", "Paper form"])
    return text.getvalue().encode()


def _print_letters(owners: Sequence[Registrant]) -> list[str]:
    for owner in owners:
        _ask_letter(owner)
    made = [policies.fresh_code() for _owner in owners]
    letters.make_batch(code=iter(made).__next__)
    return made


def _ask_letter(owner: Registrant) -> None:
    letters.ask_letter(premises=place_of(owner), by=owner.user)
