"""Sentences on public pages are true of the code today, in both languages."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from fusus_portal.ground.agency.models import Document
from fusus_portal.promises import PROMISES
from integration.rules import BREAK_GLASS_LIFE, DECLARED_AT_MOST
from registry.places.models import Camera
from registry.places.services import cameras
from registry.rules import UNVERIFIED_LIFE, UNVERIFIED_OWNERS
from tests.audit.ledger.conftest import write_entries
from tests.factories import person, registrant_at
from tests.people import sign_in
from tests.registry.places.snapshots import picture
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db

LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
FIRST_SEARCH = {"en": "a deputy can ask once", "es": "un agente puede preguntar una sola vez"}
PICTURE = {"en": "of what a camera sees", "es": "de lo que ve una cámara"}
NO_DUTY = {"en": "Nobody has to look each week yet", "es": "nadie está obligado a revisarlo cada semana"}
DUTY = {"en": "Each week they look at a random part", "es": "Cada semana revisan una parte al azar"}
WITHOUT_SUPERVISOR = {"en": ("two people", "half an hour"), "es": ("dos personas", "media hora")}
PUT_OFF = {"en": r"\byet\b|coming soon", "es": r"(todavía|aún) (no|nada|nadie)|próximamente"}
ONLY_SUPERVISORS = r"declared by a supervisor|a supervisor (has )?declare|un supervisor (lo )?(ha )?declar"
WITH_PICTURE = {"en": "its picture if you added one", "es": "su imagen, si agregó una"}


def answers(language: str) -> dict[str, str]:
    """Return what the page of questions says, by promise."""
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.get(reverse("faq")).content.decode()
    parts = re.findall(r'<details.*?id="([RIB]\d+)">(.*?)</details>', page, flags=re.DOTALL)
    return {key: " ".join(strip_tags(part).split()) for key, part in parts}


@LANGUAGES
def test_the_questions_tell_of_the_first_search_before_a_second_person(language: str) -> None:
    said = answers(language)["R3"]
    assert FIRST_SEARCH[language] in said
    for number in (UNVERIFIED_OWNERS, int(UNVERIFIED_LIFE.total_seconds() // 3600)):
        assert re.search(rf"\b{number}\b", said)


@LANGUAGES
def test_the_proof_of_what_was_given_is_our_server_s_and_no_more_is_claimed(language: str) -> None:
    promise = next(each for each in PROMISES if each.key == "B6")
    with translation.override(language):
        said = f"{promise.answer} {promise.control}"
    assert {"en": "not your browser", "es": "no su navegador"}[language] in said
    assert not re.search("receipt|recibo", said)


@LANGUAGES
@pytest.mark.parametrize("name", ["home", "faq", "transparency", "weekly_review"])
def test_nothing_is_put_off_and_no_dash_stands_for_a_number(name: str, language: str, sealed_log: SealedLog) -> None:
    """Before and after the first state of the log is published; with figures: tests/oversight/figures."""
    for is_public in (False, True):
        if is_public:
            sealed_log.seal_and_publish()
        said = main_of(name, language)
        assert not re.search(PUT_OFF[language], said, flags=re.IGNORECASE), said
        assert not re.search(r"(^|\s)[\u2012-\u2015-](\s|$)", said), said


def main_of(name: str, language: str) -> str:
    """Return the words of a page's own part."""
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.get(reverse(name)).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(strip_tags(re.sub(r"<(script|style)\b.*?</\1>", " ", main, flags=re.DOTALL)).split())


def test_no_page_leads_to_a_figure_before_there_is_one(sealed_log: SealedLog) -> None:
    """Also where the log is public already: figures are those that somebody released (see tests/oversight/figures)."""
    write_entries(30)
    sealed_log.seal_and_publish()
    for name in ("home", "faq", "transparency"):
        page = Client().get(reverse(name)).content.decode()
        assert "See the figure" not in page
        assert "figure__number" not in page
        assert f'href="{reverse("transparency")}#' not in page


@LANGUAGES
def test_the_report_shows_no_empty_figure_and_tells_of_the_weekly_look(language: str) -> None:
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.get(reverse("transparency")).content.decode()
    assert "figure__number" not in page
    assert DUTY[language] in page
    assert NO_DUTY[language] not in page


@LANGUAGES
def test_where_the_numbers_come_from_is_said_as_it_is(language: str) -> None:
    """A person reviews them and may hold back or annotate; none changes a number, and each names its state."""
    said = answers(language)["B3"]
    for words in {
        "en": ("reviews them each quarter", "hold back", "change a number", "withheld"),
        "es": ("las revisa cada trimestre", "retener", "no puede cambiar ningún número", "se retira"),
    }[language]:
        assert words in said


@LANGUAGES
def test_leaving_says_that_pictures_go(language: str) -> None:
    registrant = registrant_at(user=person(language=language), language=language)
    browser = sign_in(registrant.user)
    cameras.keep_snapshot(camera=Camera.objects.get(), by=registrant.user, upload=picture())
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert WITH_PICTURE[language] in browser.get(reverse("leave")).content.decode()


@LANGUAGES
def test_the_privacy_statement_names_pictures_among_what_is_held_and_for_how_long(language: str) -> None:
    text = getattr(Document.objects.get(kind="privacy", number=1), f"text_{language}")
    held, seen, kept = (text.split("# ")[part] for part in (1, 3, 5))
    assert PICTURE[language] in held
    assert PICTURE[language] in seen
    assert {"en": "pictures that you added", "es": "las imágenes que agregó"}[language] in kept


@LANGUAGES
def test_the_privacy_statement_names_the_staff_who_see_an_address_outside_a_search(language: str) -> None:
    text = getattr(Document.objects.get(kind="privacy", number=1), f"text_{language}")
    seen = text.split("# ")[3]
    clerk, administrator = {"en": ("a clerk prints it", "an administrator"), "es": ("la imprime", "un administrador")}[
        language
    ]
    assert clerk in seen
    assert administrator in seen


@LANGUAGES
def test_the_public_reads_that_two_people_can_declare_without_a_supervisor(language: str) -> None:
    agreement = getattr(Document.objects.get(kind="sharing", number=1), f"text_{language}")
    assert (timedelta(minutes=30), timedelta(days=1)) == (BREAK_GLASS_LIFE, DECLARED_AT_MOST)
    for said in (answers(language)["I2"], agreement):
        assert [words for words in WITHOUT_SUPERVISOR[language] if words not in said] == []


@LANGUAGES
@pytest.mark.parametrize("page", ["home", "how_it_works", "shop"])
def test_no_page_says_that_supervisors_alone_declare(page: str, language: str) -> None:
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert re.findall(ONLY_SUPERVISORS, browser.get(reverse(page)).content.decode()) == []


@LANGUAGES
def test_sharing_with_other_and_federal_agencies_is_said(language: str) -> None:
    statement = getattr(Document.objects.get(kind="privacy", number=1), f"text_{language}")
    for said in (answers(language)["B7"], statement):
        assert re.search(r"federal", said)
        assert re.search(r"downloaded it|la descarga", said)
