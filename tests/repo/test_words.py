"""Words that no neighbor would say are not said again: on any page, in any message, in either language.

Each pattern was once on a page.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import polib
import pytest
from django.core import validators
from django.core.exceptions import ValidationError
from django.utils import translation

from fusus_portal.tools.translations import CATALOG, is_public
from tests.repo.marks import marked_in_template, sentences_in
from tests.repo.sources import PACKAGES, ROOT, python_files, template_files

REFUSED = (
    r"^Correct$",
    r"[Pp]ut it in(to)? (the|your) cart",
    r"^See it$",
    r"\btake it out\b",
    r"\b([Gg]o|goes|went) on\b",
    r"the law wants",
    r"saw (this|your) camera",
    r"\bcan see it now\b",
    r"goes? to nothing",
    r"^(The parcel: )?To whom",
    r"[Ww]hat it allows",
    r"^(Clock: )?[Rr]ight$",
    r"^([Pp]ieces|[Ii]n all)$|, in all$",
    r"\bown words\b",
    r"\b[Oo]ne thing\b",
    r"first small search",
    r"\block(ed)?[- ]?outs?\b|is locked after",
    r"agree to these two\.",
    r"looked at mine",
    r"Nobody is told, and",
    r"\bby (itself|themselves)\b",
    r"phrases that say nothing",
    r"^[Ll]ife of a link$",
    r"keep this page open|within a few minutes",
    r"streets? (comes?|goes?)$",
    r"\bPTZ\b|speak ONVIF",
    r"deleted then, or after",
    r"Nothing more said",
)
REFUSED_IN_SPANISH = (
    r"búsqueda de video en la zona",
    r"\b[Mm]iradas?\b",
    r"\blo mío\b",
    r"\b[Ee]stá en su lugar\b",
    r"\bacepta estos dos\b",
    r"\b[Vv]igentes?\b",
    r"Asegúrese de que este valor",
    r"tiene el lugar de su dirección",
    r"\ben cambio\b",
    r"\b[Ll]laves?\b(?! (de acceso|de seguridad))",
    r"contraseña,? (ni|o)( una)? clave",
    r"\bnoticia\b",
    r"(contado|[Ee]stado) del registro(?! de auditoría)|agente que las pidió|Lo que no dé se borra",
)
TOLD_DEPUTIES = {
    "The owner has no footage.": "of a clip that the deputy asked for",
    "The owner's rule gave it, but it did not arrive. It waits for the owner.": "the same",
    "The owner never shares this camera.": "why a deputy can't see a camera; its owner reads OWNERS_WORDS",
    "The owner shares this camera only now and then, and not right now.": "the same",
    "The owner does not share this camera at this hour.": "the same",
    "The owner reads this reason, with your badge pseudonym, when the delay is over.": "beside the supervisor's reason",
    "The owner was already spoken to": "why a deputy skips a camera of a canvass",
    "The owner may be involved": "the same",
    "The owner": "on the page of a CORE for clerks",
}
"""Public sentences that speak of the owner, because people of the agency read them. An owner reads "you" instead."""

OFFICE = re.compile(r"%\((?:agency|agency_name|office)\)s")
DOCUMENTS = "fusus_portal/ground/agency/first_documents"


def marked() -> Iterator[tuple[str, str]]:
    """Yield what code and templates mark for translation, with the file."""
    for file in template_files():
        if file.suffix in {".html", ".txt"}:
            yield from ((str(file.relative_to(ROOT)), sentence) for sentence in marked_in_template(file.read_text()))
    for file in python_files(*PACKAGES):
        yield from ((str(file.relative_to(ROOT)), sentence) for _line, sentence in sentences_in(file) if sentence)


def documents(language: str) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs of what people agree to, with the file."""
    for file in sorted((ROOT / DOCUMENTS).glob(f"*.{language}.txt")):
        yield from ((file.name, paragraph) for paragraph in file.read_text(encoding="utf-8").splitlines())


def spanish() -> Iterator[tuple[str, str]]:
    """Yield each Spanish text: of the catalog, of the documents, and of what the demo sells."""
    for entry in polib.pofile(str(CATALOG)):
        yield from ((entry.msgid, text) for text in (entry.msgstr, *entry.msgstr_plural.values()))
    yield from documents("es")
    shelves = "fusus_portal/demo/data/orders.py"
    yield from ((shelves, line) for line in (ROOT / shelves).read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def in_spanish() -> list[tuple[str, str]]:
    return [*spanish()]


@pytest.fixture(scope="module")
def english() -> list[tuple[str, str]]:
    return [*marked(), *documents("en")]


@pytest.mark.parametrize("words", REFUSED)
def test_no_page_and_no_message_says_it(words: str, english: list[tuple[str, str]]) -> None:
    said = [(file, sentence) for file, sentence in english if re.search(words, sentence)]
    assert said == []


def test_each_sentence_says_who() -> None:
    """A document that was signed keeps its words."""
    assert [(file, sentence) for file, sentence in marked() if re.search(r"\bwhoever\b", sentence, re.IGNORECASE)] == []


@pytest.mark.parametrize("words", REFUSED_IN_SPANISH)
def test_the_spanish_does_not_say_it(words: str, in_spanish: list[tuple[str, str]]) -> None:
    assert [(source, text) for source, text in in_spanish if re.search(words, text)] == []


def test_an_owner_is_told_you(english: list[tuple[str, str]]) -> None:
    said = {sentence for file, sentence in english if is_public(file) and re.match(r"The owner\b", sentence)}
    assert said == set(TOLD_DEPUTIES)


def test_the_name_of_the_office_brings_its_own_article_in_spanish(in_spanish: list[tuple[str, str]]) -> None:
    """It may be "la Oficina ...", "el Departamento ..." or an English name: no sentence begins with it."""
    texts = [text for _source, text in in_spanish if OFFICE.search(text)]
    assert len(texts) > len(REFUSED_IN_SPANISH)
    name = OFFICE.pattern
    wrong = re.compile(rf"^{name}(?!:)|\b(?:oficina|de|del|a|al) {name}")
    assert [text for text in texts if wrong.search(text)] == []


@pytest.mark.parametrize(
    ("validator", "wrong"),
    [
        (validators.MaxValueValidator(3), 4),
        (validators.MinValueValidator(3), 2),
        (validators.MaxLengthValidator(3), "four"),
        (validators.DecimalValidator(5, 2), Decimal(123456)),
        (validators.DecimalValidator(5, 2), Decimal("1.234")),
        (validators.DecimalValidator(5, 2), Decimal("1234.5")),
    ],
)
def test_a_wrong_number_or_length_is_refused_in_plain_spanish(validator: Callable[[Any], None], wrong: object) -> None:
    with translation.override("es"), pytest.raises(ValidationError) as refused:
        validator(wrong)
    with translation.override("es"):
        assert re.match(r"Escriba \d", refused.value.messages[0])
