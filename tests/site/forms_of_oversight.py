"""Forms of what people look at who do not act, each with right and wrong answers."""

from django.urls import reverse

from fusus_portal.ground.accounts.roles import Role
from tests.factories import person
from tests.people import sign_in
from tests.site.wrong_answers import WrongForm, asks


def home_area() -> WrongForm:
    """Where somebody of the office lives."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("home_area", args=[person(Role.DEPUTY).pk]),
        (asks("zip_code", "35203", "", "3520", "00000", "home"),),
    )


FORMS = (home_area,)
