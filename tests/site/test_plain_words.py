"""Wordings that no neighbor would use stay away from public pages and messages, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.sign_in.adapters import MISMATCH
from fusus_portal.tools.translations import CATALOG

CHECKOUT = Path(__file__).resolve().parents[2]
PUBLIC = (
    "templates/account/*.html",
    "templates/components/*.html",
    "templates/errors/*.html",
    "templates/mfa/*.html",
    "templates/public/*.html",
    "templates/registry/access_log/*.html",
    "templates/registry/canvasses/[or]*/*.html",
    "templates/registry/people/**/*.html",
    "fusus_portal/promises/*.py",
    "integration/sharing/presenters.py",
    "registry/*/presenters/*.py",
)
REFUSED = (
    "as long as the law wants",
    "saw this camera",
    "can see it now",
    "agree to these two.",
    "beyond a first small search",
    "own words",
    "looked at mine",
    "is locked after",
    '"Correct"',
    '"Go on',
    "Nobody is told, and",
)
REFUSED_IN_SPANISH = (
    "búsqueda de video en la zona",
    "mirada",
    "lo mío",
    "acepta estos dos.",
    "vigente",
    "Asegúrese de que este valor",
    "tiene el lugar de su dirección",
    "cambie en cambio",
    "noticia de su CORE",
    "Última noticia",
    "ni clave",
)
OFFICE = re.compile(r"(?P<before>\S+)\s+%\((?:agency|office)\)s")


def public_texts() -> Iterator[tuple[str, str]]:
    """Return each public file's name and text, with the entries of the log that owners read."""
    for pattern in PUBLIC:
        for path in CHECKOUT.glob(pattern):
            yield path.name, path.read_text(encoding="utf-8")
    yield "events.py", (CHECKOUT / "audit/log/events.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", REFUSED)
def test_no_public_page_says_it(words: str) -> None:
    assert [name for name, text in public_texts() if words in text] == []


@pytest.mark.parametrize("words", REFUSED_IN_SPANISH)
def test_the_spanish_never_says_it(words: str) -> None:
    assert [entry.msgid for entry in polib.pofile(str(CATALOG)) if words in entry.msgstr] == []


def test_the_name_of_the_office_has_a_word_before_it_in_spanish() -> None:
    found = [entry for entry in polib.pofile(str(CATALOG)) if OFFICE.search(entry.msgstr)]
    assert found
    bare = [entry.msgstr for entry in found if OFFICE.search(entry.msgstr)["before"] not in {"oficina", "agencia"}]  # type: ignore[index]
    assert bare == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_failed_sign_in_tells_residents_nothing_of_locks_of_the_agency(language: str) -> None:
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.post(reverse("account_login"), {"login": "no@example.org", "password": "not this one"})
    said = page.content.decode()
    assert {"en": "Check both", "es": "Revise los dos"}[language] in said
    assert not re.search(r"locked|administrator|bloquea", str(MISMATCH) + said)
