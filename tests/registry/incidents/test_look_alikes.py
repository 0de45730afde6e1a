"""A word that is never a purpose is not one in other letters either, and Spanish is written as it is."""
# ruff: noqa: RUF001  (letters that look like others are what this is about)

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from integration.critical import policies as critical
from registry.canvasses import policies as canvasses
from registry.canvasses.models import Canvass, CanvassPurpose
from registry.incidents.policies.reasons import check_lawful
from tests.factories import incident_at
from tests.registry.canvasses.test_canvass_pages import drawn

BANNED = "because of a protest"
MIXED = "mixes letters of different alphabets"


@pytest.mark.parametrize(
    "word",
    [
        "protest",
        "PROTEST",
        "\uff50\uff52\uff4f\uff54\uff45\uff53\uff54",  # full width
        "\U0001d429\U0001d42b\U0001d428\U0001d42d\U0001d41e\U0001d42c\U0001d42d",  # mathematical bold
        "pro\u200btest",  # a space without width
        "pro\u00adtest",  # a soft hyphen
        "pro\u034ftest",  # a joiner of graphemes
        "pro\ufe0ftest",  # a variation selector
        "pro\u2060test",
        "pr\u00f6t\u00e9st",
        "p\u0335rotest",  # struck through by a mark of its own
        "prøtest",
        "ᴘʀᴏᴛᴇꜱᴛ",
        "proteꜱt",
        "pr0test",
        "prote$t",
        "prot\u212est",  # the sign of an estimate
        "protes\u2020",  # a dagger
        "ra11y",
        "v1g1l",
        "mit\u0131n",
        "manifestaci\u00f3n",
        "manifestacio\u0301n",
    ],
)
def test_a_banned_word_is_one_in_whatever_letters(word: str) -> None:
    with pytest.raises(ValidationError, match=BANNED):
        check_lawful(f"People leaving the {word} on 20th Street", field="reason")


@pytest.mark.parametrize(
    "word",
    [
        "\ua751rotest",  # p with a stroke through its descender
        "pro\ua787est",  # insular t
        "p\u027eotest",  # r with a fishhook
        "pr\ua74btest",  # o with a long stroke
        "pr\u043etest",  # Cyrillic o
        "\u0440rotest",
        "r\u0430lly",
        "prote\u0455t",
        "v\u03b9gil",  # Greek iota
        "\u13e2\u13d2\u0435",  # Cherokee and Cyrillic
        "pro\u3164test",  # a letter that is blank
    ],
)
def test_a_word_in_two_alphabets_is_refused(word: str) -> None:
    with pytest.raises(ValidationError, match=MIXED):
        check_lawful(f"People leaving the {word} on 20th Street", field="reason")


def test_a_word_wholly_in_another_alphabet_is_read_as_it_looks() -> None:
    with pytest.raises(ValidationError, match=BANNED):
        check_lawful("People leaving the \u13d9\u13a5\u13f3\u13a5\u13de at night", field="reason")  # VIGIL in Cherokee


@pytest.mark.parametrize(
    "text",
    [
        "Se ve al niño de la señora Muñoz salir hacia el sur; ¿quién lo acompañó?",
        "Un automóvil gris con daños, pingüinos pintados en el capó",
        "A van with plate 4A 5512 left after the March 5 burglary of the 1st floor",
        "Façade of the café, 5 µm, 20 º, №3 — “naïve” coöperation",
        "Ελλάδα and Москва are words of one alphabet each",
        "He ran 100% of the way!",
    ],
)
def test_spanish_and_other_honest_words_are_taken(text: str) -> None:
    check_lawful(text.replace("µm", "microns"), field="reason")


@pytest.mark.django_db
def test_no_canvass_is_drawn_for_one(deputy: User, deputy_client: Client) -> None:
    incident = incident_at(by=deputy)
    for word, sentence in (("pr\u043etest", MIXED), ("pro\u034ftest", BANNED), ("prøtest", BANNED)):
        typed = drawn(incident, reason=f"Find the faces of everybody at the {word} downtown")
        answer = deputy_client.post(reverse("canvass_new", args=[incident.pk]), typed)
        assert sentence in " ".join(answer.context["form"].errors["reason"])
    assert not Canvass.objects.exists()


@pytest.mark.django_db
def test_no_purpose_is_named_after_one(administrator_client: Client) -> None:
    before = CanvassPurpose.objects.count()
    for word in ("Pr\u043etest", "Ma\u200brchas", "R\u0430lly", "Prøtest"):
        administrator_client.post(reverse("purposes"), {"name": f"{word} downtown", "name_es": "Buscar a alguien"})
    assert CanvassPurpose.objects.count() == before
    with pytest.raises(ValidationError):
        canvasses.check_purpose_name("Prøtest church", field="name")


@pytest.mark.django_db
def test_no_camera_is_viewed_for_one() -> None:
    incident = incident_at()
    said = "Everybody at the {} on the corner, with their faces"
    assert "protest" in why_not(lambda: critical.check_fresh_reason(said.format("prøtest"), incident=incident))
    assert MIXED in why_not(lambda: critical.check_fresh_reason(said.format("pr\u043etest"), incident=incident))
