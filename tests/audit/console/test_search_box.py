"""The search box: what it suggests, saved searches by their name, parts of a search, and lines that are folded."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.console import services
from audit.console.copies import CopyForm, file_name
from audit.console.entry import folds_of, rows_of
from audit.console.forms import SearchForm
from audit.console.search import query
from audit.log.actors import Subject
from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from registry.registrants.models import Registrant
from tests.audit.console.conftest import CAMERA, INCIDENT, KIM, LEE, write
from tests.factories import registrant_at

pytestmark = pytest.mark.django_db
LOG = reverse("audit")


def suggested(page: str) -> list[str]:
    """Return what the page's list suggests."""
    (listed,) = re.findall(r'<datalist id="log-words">(.*?)</datalist>', page, re.DOTALL)
    return [unescape(value) for value in re.findall(r'value="([^"]*)"', listed)]


def test_kinds_of_words_saved_searches_and_staff_are_suggested_and_nobody_else(
    auditor: User, auditor_client: Client, deputy: User
) -> None:
    owner = registrant_at()
    services.save_search(name="All of Kim's", query="word=x", said="", by=auditor.actor)
    words = suggested(auditor_client.get(LOG).content.decode())
    assert words[0] == "All of Kim's"
    assert {"last week", "R-", "V-", "E-", "O-", deputy.pseudonym} <= set(words)
    place = owner.premises.get()
    for private in (owner.reference, owner.name, owner.user.email, place.street):
        assert not [word for word in words if private in word]


def test_the_name_of_a_saved_search_leads_to_it(auditor: User, auditor_client: Client) -> None:
    services.save_search(name="Refusals", query="outcome=refused", said="", by=auditor.actor)
    assert auditor_client.get(f"{LOG}?word=Refusals")["Location"] == f"{LOG}?outcome=refused"
    assert auditor_client.get(f"{LOG}?word=Refusals&area=35203").status_code == 200


def test_names_that_lead_to_each_other_lead_nowhere(auditor: User, auditor_client: Client) -> None:
    for name, other in (("one", "two"), ("two", "one"), ("self", "self")):
        services.save_search(name=name, query=f"word={other}", said="", by=auditor.actor)
    for name in ("one", "two", "self"):
        assert auditor_client.get(f"{LOG}?word={name}").status_code == 200


def test_each_part_of_a_search_is_a_chip_that_takes_it_away() -> None:
    chips = SearchForm({"word": "last week", "event": Event.CAMERA_SHOWN.value, "outcome": ""}).chips()
    assert [(chip["name"], chip["value"], chip["query"]) for chip in chips] == [
        ("Search", "last week", "event=registry%3Acamera%3Ashow"),
        ("What", str(Event.CAMERA_SHOWN.sentence), "word=last+week"),
    ]


def test_a_business_is_found_by_its_exact_name_and_a_person_is_not() -> None:
    business, person = registrant_at(), registrant_at()
    Registrant.objects.filter(pk=business.pk).update(kind="business", name="Linn Park Diner")
    [meaning] = query.meanings_of_text("linn park diner")
    assert ("registrant", str(business.pk)) in meaning.subjects
    assert "Diner" not in meaning.said
    assert query.meanings_of_text("Linn Park") == ()
    assert query.meanings_of_text(person.name) == ()


def test_staff_are_found_by_their_exact_name(deputy: User) -> None:
    User.objects.filter(pk=deputy.pk).update(name="Dana Whitfield")
    [meaning] = query.meanings_of_text("dana whitfield")
    assert (meaning.said, meaning.actors) == (deputy.pseudonym, (str(deputy.pk),))
    assert query.meanings_of_text("Whitfield") == ()


def test_lines_that_repeat_each_other_are_folded_and_two_are_not() -> None:
    found = [write(Event.CAMERA_SHOWN, subject=Subject("camera", f"{number}"), reason="A van.") for number in range(3)]
    other = write(Event.CAMERA_SHOWN, subject=Subject("camera", "3"), reason="Another van.")
    pair = [write(actor=LEE), write(actor=LEE)]
    folds = folds_of(rows_of([*found, other, *pair]))
    assert [([row["entry"].pk for row in fold.rows], fold.more) for fold in folds] == [
        ([entry.pk for entry in found], 2),
        ([other.pk], 0),
        ([pair[0].pk], 0),
        ([pair[1].pk], 0),
    ]


def test_a_line_names_its_camera_by_number() -> None:
    (row, without) = rows_of([write(Event.CAMERA_SHOWN, camera=CAMERA, incident=INCIDENT), write()])
    assert (row["camera"], row["camera_called"]) == ("C-00000000", "C-00000000")
    assert (without["camera"], without["camera_called"]) == ("", "")


def test_files_are_told_apart_by_their_names() -> None:
    now = timezone.now()
    names = {file_name(form, entries, now) for form in CopyForm for entries in ([9, 5, 1], [9, 4, 3, 1], [9])}
    assert len(names) == 9
    assert f"audit-log-{timezone.localtime(now):%Y-%m-%d-%H%M%S}-sealed-3-entries-1-to-9" in names
    assert KIM.pseudonym not in "".join(names)
