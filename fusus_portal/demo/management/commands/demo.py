"""`manage.py demo`: adds missing demo data and prints how to sign in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fusus_portal.demo.data import live, neighborhood, office, orders, story, town
from fusus_portal.demo.guard import is_demo
from fusus_portal.ground.accounts.roles import Role
from registry.registrants.models import RegistrantKind

SIGN_INS = """See what each person can do, and sign in as one of them by one press: /demo/
Or sign in at /account/login/ with the password "{password}":
{people}
People of the agency also need a code; instead of a phone, take a one-time address from another terminal:
  .venv/bin/python manage.py signin deputy
Mail that the portal sends: /demo/mail/   Text messages: /demo/texts/"""


class Command(BaseCommand):
    """Same seed, same data; a second run adds nothing."""

    help = "Adds what is missing of the demo data. Development only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_demo():
            raise CommandError("The demo data are for development: DEBUG, and a database on this machine.")
        town.load(settings.LOCAL_DIR / "town", output=self.stderr)
        agency = {person.email: neighborhood.account_of(person) for person in neighborhood.AGENCY}
        people = neighborhood.neighbors()
        administrators = agency["administrator@demo.example"], agency["administrator2@demo.example"]
        office.add_other_counties(administrator=administrators[0], people=people)
        deputy, supervisor = agency["deputy@demo.example"], agency["supervisor@demo.example"]
        story.household(people=people)
        clerk = agency["clerk@demo.example"]
        neighborhood.confirm_by_import(administrator=administrators[0])
        neighborhood.confirm_by_letters(people=people, clerk=clerk)
        story.tell_last_night(deputy=deputy, supervisor=supervisor)
        story.tell_last_week(deputy=deputy, supervisor=supervisor, other_supervisor=agency["supervisor2@demo.example"])
        office.begin_paperwork(administrator=administrators[0])
        story.tell_of_dispatch(administrators=administrators)
        owner = next(each for each in people if each.kind == RegistrantKind.BUSINESS)
        live.connect(clerk=clerk, administrator=administrators[0], owner=owner, directory=settings.LOCAL_DIR)
        live.view_live(deputy=deputy, supervisor=supervisor)
        live.keep_critical(deputy=deputy, supervisor=supervisor, owner=owner)
        live.send_clip(deputy=deputy, owner=owner)
        orders.stock_up(clerk=clerk, administrator=administrators[0])
        orders.tell_orders(clerk=clerk, owner=owner)
        office.release_figures(administrator=administrators[0])
        office.release_year(administrator=administrators[0])
        office.turn_texts_on(owner=people[2])
        office.add_review(
            auditor=agency["auditor@demo.example"], deputy=deputy, reviewer=agency["reviewer@demo.example"]
        )
        self.stdout.write(SIGN_INS.format(password=neighborhood.PASSWORD, people=_first_of_each_role()))


def _first_of_each_role() -> str:
    first: dict[Role, str] = {}
    for person in [*neighborhood.PUBLIC, *neighborhood.AGENCY]:
        first.setdefault(person.role, person.email)
    return "\n".join(f"  {role.value:14}{email}" for role, email in first.items())
