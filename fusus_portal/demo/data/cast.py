"""People of the demo: one or two of each role."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from types import SimpleNamespace

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from simple_history.models import HistoricalRecords

from fusus_portal.ground.accounts import selectors as accounts
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, Role
from fusus_portal.ground.database.owner import as_owner

PASSWORD = "plum river seven lanterns"  # noqa: S105  (of accounts that exist in the demo only; the demo prints it)
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  (likewise)


@dataclass(frozen=True, slots=True)
class Person:
    """One account. `manage.py signin ROLE` signs in the first of its role."""

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
    """Name this person in the history of rows, as a request of theirs would."""
    HistoricalRecords.context.request = SimpleNamespace(user=user)
    try:
        yield
    finally:
        del HistoricalRecords.context.request


def account(person: Person) -> User:
    """Return a person's account; make it if missing, with a confirmed address, and a code app for the agency.

    People of the agency are made as an operator at the server makes them. In the application that takes two
    administrators.
    """
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
