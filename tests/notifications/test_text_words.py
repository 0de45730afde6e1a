"""Texts: each is one message with the name of the office and a link of ours, and says nothing of a case."""

import re

import pytest
from pytest_django import Settings

from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.notifications.channels.text_channel import fits, plain, render
from fusus_portal.ground.notifications.kinds import MessageKind, all_kinds, kind_of
from tests.notifications import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("long_links")]

TEXTED = [kind.name for kind in all_kinds() if kind.texted]
LINKED = [kind for kind in TEXTED if "link" in kind_of(kind).variables]
LINK = "https://portal.jeffcosheriff.example"
REPLY = f"{LINK}/requests/{'x' * 51}/"
OFFICE = "Jefferson County Sheriff's Office"


@pytest.fixture
def long_links(settings: Settings) -> None:
    """Let links be as long as a county's are."""
    settings.SITE_URL = LINK


def read(kind: MessageKind, language: str = "en") -> str:
    """Return a text as it is sent."""
    given = dict(samples.VARIABLES[kind])
    if kind in LINKED:
        is_request = str(kind).startswith(("footage_request", "footage_reminder"))
        given["link"] = REPLY if is_request else f"{LINK}/profile/looks/"
    return render(kind=kind, language=language, build=lambda: given, number="M-1")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", TEXTED)
class TestEachText:
    def test_it_is_one_message(self, kind: MessageKind, language: str) -> None:
        text = read(kind, language)
        assert fits(text), f"{len(text)}: {text}"
        assert "\n" not in text

    def test_it_names_the_office(self, kind: MessageKind, language: str) -> None:
        assert read(kind, language).startswith((f"{OFFICE}: ", "Sheriff's Office: "))

    def test_it_says_nothing_of_a_case_a_place_or_who_looked(self, kind: MessageKind, language: str) -> None:
        text = read(kind, language)
        for name in ("incident_number", "number", "place", "incident_type", "purpose", "deputy", "call_back_number"):
            said = samples.VARIABLES[kind].get(name)
            assert said is None or str(said) not in text
        assert "Front door" not in text

    def test_its_only_link_is_ours(self, kind: MessageKind, language: str) -> None:
        found = re.findall(r"https?://\S+", read(kind, language))
        assert [link.startswith(f"{LINK}/") for link in found] == ([True] if kind in LINKED else [])


@pytest.mark.parametrize("kind", TEXTED)
def test_spanish_is_another_text(kind: MessageKind) -> None:
    assert read(kind, "es") != read(kind)


@pytest.mark.parametrize("kind", [MessageKind.LOOKS_DIGEST, MessageKind.FOOTAGE_LOOKED_AT, MessageKind.LIVE_VIEWED])
def test_what_is_delayed_reads_as_what_is_not(kind: MessageKind) -> None:
    assert read(kind) == read(MessageKind.LOOKS_DIGEST)


def test_an_office_with_a_long_name_is_called_by_its_short_one() -> None:
    Agency.objects.update(name="Sheriff of the Consolidated City and County of Jefferson, Alabama")
    text = read(MessageKind.FOOTAGE_REQUEST)
    assert text.startswith("Sheriff's Office: ")
    assert fits(text)


def test_the_code_is_in_its_text_with_how_to_end_it() -> None:
    text = read(MessageKind.TEXT_CODE)
    assert "042195" in text
    assert "STOP" in text
    assert "HELP" in text


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Cámara, búsqueda, aquí, cañón", "Camara, busqueda, aqui, cañon"),
        ("¿Sí? ¡Él, señor Muñoz!", "¿Si? ¡Él, señor Muñoz!"),
        ("Sheriff\N{RIGHT SINGLE QUOTATION MARK}s \N{EN DASH} office\N{HORIZONTAL ELLIPSIS}", "Sheriff's - office..."),
        ("São João \N{DOUBLE-STRUCK CAPITAL N}", "Sao Joao N"),
        ("保安官", "保安官"),
    ],
)
def test_letters_that_would_cost_a_second_text_are_written_plainly(written: str, sent: str) -> None:
    assert plain(written) == sent


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("a" * 160, True),
        ("a" * 161, False),
        ("ñ" * 160, True),
        ("[" * 80, True),
        ("[" * 80 + "a", False),
        ("á" * 70, True),
        ("á" * 71, False),
        ("\N{CAMERA}" * 35, True),
        ("\N{CAMERA}" * 36, False),
    ],
)
def test_how_much_fits_into_one_text(text: str, one: bool) -> None:
    assert fits(text) is one
