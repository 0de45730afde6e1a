"""Who works in the simulated county, and where: 400 deputies and supervisors, their beats, shifts, devices and homes.

Drawn from a seed, so that a run can be had again. Means are said where they are set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from audit.log.actors import Actor, Source
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.homes.models import HomeArea
from tests.database.operator import as_operator

OFFICERS, SUPERVISORS = 360, 40
ZIP_CODES = tuple(str(35203 + number) for number in range(25))
SPOTS_OF_ZIP = 40
SHIFTS = (7, 15, 23)
"""Hours at which a shift of eight begins."""

LETTERS, DIGITS = "ABCDEFGHJKMNPQRTUVWXY", "2346789"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where things happen: a corner with the cameras around it."""

    zip_code: str
    cameras: tuple[str, ...]


@dataclass(slots=True)
class Officer:
    """One of the 400. busy: how much of the work is theirs, against the others."""

    account: User
    beat: tuple[str, ...]
    shift: int
    busy: float
    laptop: Source
    car: Source
    phone: Source

    @property
    def actor(self) -> Actor:
        """The person as the log knows them."""
        return self.account.actor


@dataclass(frozen=True, slots=True)
class County:
    """All that there is."""

    officers: Sequence[Officer]
    supervisors: Sequence[Officer]
    spots: Mapping[str, Sequence[Spot]]
    administrator: User


def build(random: Random) -> County:
    """Make the county's people and places, and write their accounts and homes."""
    roles = [Role.DEPUTY] * OFFICERS + [Role.SUPERVISOR] * SUPERVISORS + [Role.ADMINISTRATOR]
    codes = random.sample(
        [f"{a}{b}{c}{d}" for a in LETTERS for b in DIGITS for c in LETTERS for d in DIGITS], len(roles)
    )
    accounts = [
        User(
            id=UUID(int=random.getrandbits(128), version=4),
            email=f"p{number}@county.example",
            role=role,
            name=f"Person {number}",
            pseudonym=f"{role.label} {code}",
            password="!",
        )
        for number, (role, code) in enumerate(zip(roles, codes, strict=True))
    ]
    with as_operator():
        User.objects.bulk_create(accounts)
    *people, administrator = accounts
    staff = [_officer(account, random) for account in people]
    homes = [random.choice(each.beat) if random.random() < 0.3 else random.choice(ZIP_CODES) for each in staff]
    HomeArea.objects.bulk_create(
        HomeArea(account=each.account, zip_code=home, written_by=administrator)
        for each, home in zip(staff, homes, strict=True)
    )
    spots = {zip_code: [_spot(zip_code, random) for _each in range(SPOTS_OF_ZIP)] for zip_code in ZIP_CODES}
    return County(staff[:OFFICERS], staff[OFFICERS:], spots, administrator)


def _officer(account: User, random: Random) -> Officer:
    """Return an officer. A few do most of the work; each has a laptop, a car with a modem, and some use a phone."""
    mark = f"{random.getrandbits(32):08x}"
    car = f"{random.choice((100, 107, 166, 174))}.{random.randrange(64, 128)}.{random.randrange(256)}.7"
    return Officer(
        account=account,
        beat=tuple(random.sample(ZIP_CODES, 2)),
        shift=random.choices(SHIFTS, (4, 4, 3))[0],
        busy=random.lognormvariate(0, 1),
        laptop=Source("192.0.2.10", f"Laptop {mark}", ""),
        car=Source(car, f"Laptop {mark}", ""),
        phone=Source(f"172.{random.randrange(32, 64)}.9.8", f"Phone {mark}", ""),
    )


def _spot(zip_code: str, random: Random) -> Spot:
    cameras = (str(UUID(int=random.getrandbits(128), version=4)) for _each in range(random.randint(4, 12)))
    return Spot(zip_code, tuple(cameras))
