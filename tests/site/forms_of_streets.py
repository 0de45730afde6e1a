"""Forms about the county's streets and addresses: right and wrong answers."""

from django.urls import reverse

from fusus_portal.ground.accounts.roles import Role
from tests.factories import person
from tests.people import sign_in
from tests.site.wrong_answers import Upload, WrongForm, asks
from tests.streets import uploads


def street_files() -> WrongForm:
    """The county's streets and addresses."""
    file = Upload("a.csv", uploads.as_file().read())
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("street_list"),
        (asks("uploaded", file, "", Upload("a.csv", b"")), asks("dated", "2026-01-31", "soon")),
    )


FORMS = (street_files,)
