"""Whatever a resident or a business reads is there in Spanish.

After a change of a sentence: `make messages`, then write its Spanish in locale/es/LC_MESSAGES/django.po.
"""

import re
from collections import Counter

import polib
import pytest

from fusus_portal.tools.translations import CATALOG, COMPILED, is_public, untranslated
from tests.repo.marks import marked_in_template, sentences_in, unmarked_in_template
from tests.repo.sources import PACKAGES, ROOT, place, python_files, template_files

SAME_IN_BOTH = {"English", "Español", "SHA-256:"}
"""A language is named in itself, and a method by its name."""

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|%%|<[^>]+>")


@pytest.fixture(scope="module")
def catalog() -> polib.POFile:
    return polib.pofile(str(CATALOG))


def public_templates() -> list[str]:
    files = (str(file.relative_to(ROOT)) for file in template_files() if file.suffix in {".html", ".txt"})
    return [file for file in files if is_public(file)]


def marked_for_the_public() -> set[str]:
    marked = {sentence for file in public_templates() for sentence in marked_in_template((ROOT / file).read_text())}
    for file in python_files(*PACKAGES):
        if is_public(str(file.relative_to(ROOT))):
            marked |= {sentence for _line, sentence in sentences_in(file) if sentence}
    return marked


def pairs(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Return each Spanish text of an entry with the English one that it stands for."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid if form == 0 else entry.msgid_plural, text) for form, text in entry.msgstr_plural.items()]


def kept_of(text: str) -> Counter[str]:
    """Return what a translation must keep: placeholders and tags, with their attributes."""
    return Counter(PLACEHOLDER.findall(text))


def test_every_sentence_for_the_public_has_spanish(catalog: polib.POFile) -> None:
    assert sorted(marked_for_the_public() - {entry.msgid for entry in catalog.translated_entries()}) == []


def test_the_catalog_knows_of_no_other_for_the_public(catalog: polib.POFile) -> None:
    assert untranslated(catalog) == []


def test_placeholders_and_tags_are_kept(catalog: polib.POFile) -> None:
    lost = [
        spanish
        for entry in catalog.translated_entries()
        for english, spanish in pairs(entry)
        if kept_of(english) != kept_of(spanish)
    ]
    assert lost == []


def test_a_plural_has_all_forms_of_spanish(catalog: polib.POFile) -> None:
    plurals = [entry for entry in catalog.translated_entries() if entry.msgid_plural]
    assert plurals
    assert {tuple(sorted(entry.msgstr_plural)) for entry in plurals} == {(0, 1, 2)}


def test_the_compiled_catalog_is_the_one_that_people_edit(catalog: polib.POFile) -> None:
    assert COMPILED.read_bytes() == catalog.to_binary(), "run `make messages`"


def test_the_catalog_holds_no_date_that_changes_by_itself(catalog: polib.POFile) -> None:
    assert [name for name in catalog.metadata if name.endswith("-Date")] == []


def test_no_public_template_says_anything_unmarked() -> None:
    files = public_templates()
    assert files
    said = {file: set(unmarked_in_template((ROOT / file).read_text())) - SAME_IN_BOTH for file in files}
    assert {file: words for file, words in said.items() if words} == {}


def test_the_marks_of_a_template_are_read() -> None:
    template = """{% load i18n %}{% translate "It's one" %}{% include "a.html" with label=_("Two") only %}
      {% blocktranslate count number=1 %}Three{% plural %}{{ number }} threes{% endblocktranslate %}"""
    assert marked_in_template(template) == ["It's one", "Two", "Three"]


def test_a_mark_holds_a_whole_sentence() -> None:
    broken = [
        place(file, line)
        for file in python_files(*PACKAGES)
        for line, sentence in sentences_in(file)
        if sentence is None
    ]
    assert broken == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello</p>",
        "<p>{% translate 'Hello' %} there</p>",
        '<img alt="A house">',
        '{% include "card.html" with heading="Hello you" only %}',
    ],
)
def test_text_without_a_mark_is_seen(template: str) -> None:
    assert unmarked_in_template(template) != []


@pytest.mark.parametrize(
    "template",
    [
        "<p class='intro'>{{ name }}: {% translate \"Hello\" %} · 1</p>",
        "{% blocktranslate trimmed %}Hello <b>you</b>{% endblocktranslate %}",
        '{% include "card.html" with heading=_("Hello you") kind="good" only %}',
        "{# a note #}{% comment %}heading: a text{% endcomment %}",
    ],
)
def test_marked_text_is_left_alone(template: str) -> None:
    assert unmarked_in_template(template) == []
