"""A reader chooses English or Spanish, and words, days and hours follow."""

from datetime import UTC, datetime

import pytest
from django.forms import Form
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation

from fusus_portal.ground.accounts.forms import AddPasskeyForm, RenamePasskeyForm
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, Role
from fusus_portal.ground.languages import written
from registry.places.forms.cameras import NewCameras

EVENING = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
"""9:40 p.m. the day before, on a clock in Alabama."""


def chosen(reader: Client, language: str) -> str:
    """Return the page that follows the press on a language."""
    choice = {"language": language, "next": reverse("home")}
    return reader.post(reverse("set_language"), choice, follow=True).content.decode()


@pytest.mark.django_db
def test_a_reader_changes_the_language_and_comes_back_to_the_page(visitor_client: Client) -> None:
    spanish = chosen(visitor_client, "es")
    assert '<html lang="es">' in spanish
    assert "Usted registra su cámara." in spanish
    english = chosen(visitor_client, "en")
    assert '<html lang="en">' in english
    assert "You register your camera." in english


@pytest.mark.django_db
def test_the_choice_lasts_on_other_pages(visitor_client: Client) -> None:
    chosen(visitor_client, "es")
    assert "Preguntas y respuestas" in visitor_client.get(reverse("faq")).content.decode()


@pytest.mark.django_db
def test_a_browser_in_spanish_needs_no_choice(visitor_client: Client) -> None:
    page = visitor_client.get(reverse("home"), headers={"accept-language": "es-MX,es;q=0.9,en;q=0.5"})
    assert '<html lang="es">' in page.content.decode()


@pytest.mark.django_db
def test_a_language_that_is_not_there_changes_nothing(visitor_client: Client) -> None:
    assert '<html lang="en">' in chosen(visitor_client, "de")


@pytest.mark.parametrize("page", ["account_login", "account_signup", "register"])
@pytest.mark.django_db
def test_forms_are_in_spanish_too(page: str, visitor_client: Client) -> None:
    visitor_client.cookies["django_language"] = "es"
    html = visitor_client.get(reverse(page)).content.decode()
    assert '<html lang="es">' in html
    assert "E-mail address" not in html
    assert "Password" not in html


@pytest.mark.parametrize("page", ["account_login", "account_signup", "account_reset_password"])
@pytest.mark.django_db
def test_an_address_is_asked_for_in_one_word(page: str, visitor_client: Client) -> None:
    html = visitor_client.get(reverse(page)).content.decode()
    assert "E-mail address" in html
    assert "Email" not in html


@pytest.mark.parametrize("form", [AddPasskeyForm, RenamePasskeyForm])
def test_the_name_of_a_passkey_is_asked_for_in_spanish(form: type[Form]) -> None:
    with translation.override("es"):
        assert str(form.base_fields["name"].label) == "Nombre"


def test_a_missing_camera_is_asked_for_in_words_of_the_page() -> None:
    rows = NewCameras({"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"})
    with translation.override("es"):
        assert list(rows.non_form_errors()) == ["Agregue al menos una cámara."]


@pytest.mark.django_db
def test_a_refusal_is_in_the_language_of_the_reader(resident_client: Client) -> None:
    resident_client.cookies["django_language"] = "es"
    page = resident_client.get(reverse("console"))
    assert page.status_code == 403
    assert "Quien trabaja para la oficina ve la consola." in page.content.decode()


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Nov. 23, 2026 | 9:40 p.m. | 1234.5 | 1.5\u00a0MB"),
        ("es", "23 de noviembre de 2026 | 9:40\u00a0p.m. | 1234.5 | 1.5\u00a0MB"),
    ],
)
def test_days_hours_and_numbers_are_written_as_people_here_write_them(language: str, written: str) -> None:
    page = Template(
        '{{ at|date:"DATE_FORMAT" }} | {{ at|time:"TIME_FORMAT" }} | {{ number }} | {{ size|filesizeformat }}'
    )
    with translation.override(language):
        text = page.render(Context({"at": EVENING, "number": 1234.5, "size": 1_572_864}))
    assert text == written


def test_every_badge_of_the_office_has_its_title_in_the_readers_language() -> None:
    with translation.override("es"):
        written_so = {str(Role(role).label): written(f"{role.title()} K7Q2") for role in AGENCY_ROLES}
    assert written_so == {label: f"{label} K7Q2" for label in written_so}
    assert len(written_so) == len(AGENCY_ROLES)


@pytest.mark.parametrize(
    ("kept", "english", "spanish"),
    [
        ("Deputy T8U2", "Deputy T8U2", "Agente T8U2"),
        ("2000 block of 11th Ave S", "2000 block of 11th Ave S", "cuadra 2000 de 11th Ave S"),
        ("cuadra 2000 de 11th Ave S", "2000 block of 11th Ave S", "cuadra 2000 de 11th Ave S"),
        ("2000 BLOCK 11TH AVE S", "2000 block of 11TH AVE S", "cuadra 2000 de 11TH AVE S"),
        ("1014 20th St S", "1014 20th St S", "1014 20th St S"),
        ("Linn Park, 20th Street North", "Linn Park, 20th Street North", "Linn Park, 20th Street North"),
        ("", "", ""),
    ],
)
def test_badges_and_blocks_are_written_in_the_readers_language(kept: str, english: str, spanish: str) -> None:
    for language, wanted in (("en", english), ("es", spanish)):
        with translation.override(language):
            assert written(kept) == wanted
