"""`manage.py demo`: adds missing demo data and prints how to sign in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fusus_portal.demo.data import (
    cast,
    confirmed,
    counties,
    critical,
    devices,
    earlier,
    from_dispatch,
    neighborhood,
    ordered,
    paperwork,
    places,
    released,
    reviewed,
    shelves,
    story,
    watched,
)
from fusus_portal.demo.guard import is_demo
from fusus_portal.ground.accounts.roles import Role
from registry.people.models import RegistrantKind

SIGN_INS = """Sign in at /account/login/ with the password "{password}":
{people}
People of the agency also need a code; instead of a phone, take a one-time address from another terminal:
  .venv/bin/python manage.py signin deputy
Mail that the portal sends: /demo/mail/"""


class Command(BaseCommand):
    """Same seed, same data; a second run adds nothing."""

    help = "Adds what is missing of the demo data. Development only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_demo():
            raise CommandError("The demo data are for development: DEBUG, and a database on this machine.")
        places.load(settings.LOCAL_DIR / "town", output=self.stderr)
        agency = {person.email: cast.account(person) for person in cast.AGENCY}
        people = neighborhood.people()
        counties.neighbors(administrator=agency["administrator@demo.example"], people=people)
        deputy, supervisor = agency["deputy@demo.example"], agency["supervisor@demo.example"]
        earlier.household(people=people)
        clerk = agency["clerk@demo.example"]
        confirmed.by_import(administrator=agency["administrator@demo.example"])
        confirmed.by_letters(people=people, clerk=clerk)
        story.tell(deputy=deputy, supervisor=supervisor)
        earlier.tell(deputy=deputy, supervisor=supervisor, other_supervisor=agency["supervisor2@demo.example"])
        administrators = agency["administrator@demo.example"], agency["administrator2@demo.example"]
        paperwork.begin(administrator=administrators[0])
        from_dispatch.tell(administrators=administrators)
        owner = next(each for each in people if each.kind == RegistrantKind.BUSINESS)
        devices.connect(clerk=clerk, administrator=administrators[0], owner=owner, directory=settings.LOCAL_DIR)
        watched.view(deputy=deputy, supervisor=supervisor)
        critical.keep(deputy=deputy, supervisor=supervisor, owner=owner)
        shelves.stock_up(clerk=clerk, administrator=administrators[0])
        ordered.tell(clerk=clerk, owner=owner)
        released.release(administrator=administrators[0])
        reviewed.review(auditor=agency["auditor@demo.example"], deputy=deputy)
        self.stdout.write(SIGN_INS.format(password=cast.PASSWORD, people=_first_of_each_role()))


def _first_of_each_role() -> str:
    first: dict[Role, str] = {}
    for person in [*cast.PUBLIC, *cast.AGENCY]:
        first.setdefault(person.role, person.email)
    return "\n".join(f"  {role.value:14}{email}" for role, email in first.items())
