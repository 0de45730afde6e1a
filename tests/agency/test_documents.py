"""Terms and privacy statement: published by version, never edited, readable for good, and agreed to by people."""

import re
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.models import Announcement, Document
from fusus_portal.ground.agency.presenters import blocks_of
from registry.registrants.models import Agreement, Registrant
from tests.factories import registrant_at
from tests.people import sign_in
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db

MARKUP = "<script>alert(1)</script> & <b>bold</b>"
ENGLISH = f"# What is new\r\n\r\nA paragraph with {MARKUP} in it.\r\nAnd its second line. " + "More words. " * 30
TOLD = [
    ("terms", 1, "Registering is free"),
    ("privacy", 1, "No face recognition"),
    ("sharing", 2, "You can pause everything with one button"),
]
"""The version of each with which the portal comes, and a sentence of it."""

SPANISH = "# Lo nuevo\n\nUn párrafo. " + "Más palabras. " * 30


def publish(client: Client, step: str = "save", kind: str = "terms", **changes: Any) -> Any:
    typed = {"number": 2, "text_en": ENGLISH, "text_es": SPANISH, "step": step, **changes}
    return client.post(reverse(f"{kind}_new"), typed, follow=True)


@pytest.fixture
def registrant(resident: User) -> Registrant:
    return registrant_at(user=resident)


def documents_of(page: str) -> list[str]:
    return re.findall(r'name="document" value="([^"]+)"', page)


@pytest.mark.parametrize(("kind", "number", "told"), TOLD)
def test_everyone_reads_the_version_in_force(kind: str, number: int, told: str, visitor_client: Client) -> None:
    page = visitor_client.get(reverse(kind)).content.decode()
    assert told in page
    assert f"Version {number}, in force from" in page
    spanish = visitor_client.get(reverse(kind), headers={"Accept-Language": "es"}).content.decode()
    assert f"Versión {number}, en uso desde" in spanish
    assert told not in spanish
    assert kind == "sharing" or f'href="{reverse(kind)}"' in visitor_client.get(reverse("home")).content.decode()


def test_a_version_is_read_before_it_is_published(administrator_client: Client, visitor_client: Client) -> None:
    page = publish(administrator_client, "look").content.decode()
    assert "Not published yet" in page
    assert MARKUP not in page
    assert "What is new" not in visitor_client.get(reverse("terms")).content.decode()
    assert Document.objects.count() == 4


def test_a_published_version_counts_and_the_old_one_stays(administrator_client: Client, visitor_client: Client) -> None:
    publish(administrator_client)
    page = visitor_client.get(reverse("terms")).content.decode()
    assert "<h2>What is new</h2>" in page
    assert MARKUP not in page
    assert "&lt;script&gt;" in page
    old = visitor_client.get(reverse("terms_version", args=[1])).content.decode()
    assert "Registering is free" in old
    assert "This is an old version" in old
    assert visitor_client.get(reverse("terms_version", args=[3])).status_code == 404
    (entry,) = entries_of(Event.DOCUMENT_PUBLISHED)
    assert entry.facts == {"kind": "terms", "number": 2}
    assert "Version 2" in administrator_client.get(reverse("document_list")).content.decode()


def test_it_is_refused_short_the_same_or_late(administrator_client: Client) -> None:
    latest = Document.objects.get(kind="terms")
    assert "at least 200" in publish(administrator_client, text_es="Corto.").content.decode()
    same = publish(administrator_client, text_en=latest.text_en, text_es=latest.text_es)
    assert "Nothing differs" in same.content.decode()
    publish(administrator_client)
    assert publish(administrator_client, text_en=ENGLISH + "x").status_code == 409
    assert Document.objects.filter(kind="terms").count() == 2


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_a_version_as_it_is(change: str) -> None:
    versions = Document.objects.filter(kind="terms")
    with pytest.raises(DatabaseError, match="rows are only ever added"), transaction.atomic():
        versions.update(text_en="Something else") if change == "update" else versions.delete()


def test_registering_keeps_which_versions_were_agreed_to(registrant: Registrant, resident_client: Client) -> None:
    page = resident_client.get(reverse("profile")).content.decode()
    assert "Please read what is new" in page  # a registration without an agreement is asked for it
    resident_client.post(reverse("agree"), {"document": documents_of(page)})
    assert {one.document.kind: one.document.number for one in Agreement.objects.all()} == {"terms": 1, "privacy": 1}
    assert "Please read what is new" not in resident_client.get(reverse("profile")).content.decode()
    (entry,) = entries_of(Event.REGISTRANT_AGREED)
    assert entry.facts == {"privacy": 1, "terms": 1}


def test_a_new_version_is_shown_and_asked_and_shuts_nobody_out(
    registrant: Registrant, resident_client: Client, administrator_client: Client
) -> None:
    first = resident_client.get(reverse("profile")).content.decode()
    resident_client.post(reverse("agree"), {"document": documents_of(first)})
    publish(administrator_client)
    assert "version 2" not in resident_client.get(reverse("profile")).content.decode()
    with time_machine.travel(Announcement.objects.get(name="terms", number=2).holds_from, tick=False):
        # A sign-in lasts no two weeks.
        later = sign_in(registrant.user)
        page = later.get(reverse("profile")).content.decode()
        assert "version 2" in page
        assert len(documents_of(page)) == 1
        assert later.get(reverse("looks")).status_code == 200
        stale = later.post(reverse("agree"), {"document": documents_of(first)})
        assert stale.status_code == 409
        later.post(reverse("agree"), {"document": documents_of(page)})
        later.post(reverse("agree"), {"document": documents_of(page)})
    assert Agreement.objects.count() == 3


@pytest.mark.parametrize("documents", [[], ["x"], ["00000000-0000-4000-8000-000000000000"]])
def test_agreeing_to_nothing_known_is_too_late(
    documents: list[str], registrant: Registrant, resident_client: Client
) -> None:
    assert resident_client.post(reverse("agree"), {"document": documents}).status_code == 409
    assert Agreement.objects.count() == 0


def test_a_text_becomes_headings_and_paragraphs() -> None:
    headed = blocks_of("# One\r\ntwo\nthree\n\n\n #four\n")
    assert headed == [("One", True), ("two three", False), ("#four", False)]
