"""The search box: what it suggests, saved searches by their name, parts of a search, and lines that are folded."""

import re
from html import unescape
from urllib.parse import quote_plus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.console import services
from audit.console.copies import CopyForm, file_name
from audit.console.entry import folds_of, rows_of
from audit.console.forms import SearchForm
from audit.console.search.phrases import meanings_of, phrases_of
from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.numbers import number_of
from registry.registrants.models import Registrant
from tests.audit.console.conftest import CAMERA, INCIDENT, KIM, LEE, write
from tests.factories import camera_at, incident_at, registrant_at

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


def test_each_part_of_a_search_is_a_chip_that_takes_it_away(deputy: User) -> None:
    form = SearchForm({"word": f"{deputy.pseudonym} last week", "event": Event.CAMERA_SHOWN.value, "outcome": ""})
    person, days, what = form.chips()
    assert (person.name, person.value) == ("", deputy.pseudonym)
    assert person.query == "word=last+week&event=registry%3Acamera%3Ashow"
    assert days.query == f"word={quote_plus(deputy.pseudonym)}&event=registry%3Acamera%3Ashow"
    assert (what.name, what.value) == ("What was done", str(Event.CAMERA_SHOWN.sentence))
    assert what.query == f"word={quote_plus(deputy.pseudonym)}+last+week"


def test_a_filter_that_a_link_set_is_said_in_words_and_never_as_an_id(deputy: User) -> None:
    incident, camera = incident_at(number="2026-004711"), camera_at()
    registrant = camera.premises.registrant
    chips = SearchForm(
        {
            "actor": str(deputy.pk),
            "incident": str(incident.pk),
            "camera": str(camera.pk),
            "subject_kind": "registrant",
            "subject": str(registrant.pk),
        }
    ).chips()
    assert {chip.name: chip.value for chip in chips} == {
        "Who": deputy.pseudonym,
        "Incident": "2026-004711",
        "Camera": f"{number_of('C', camera.pk)}, home, of owner {registrant.reference}",
        "Object": registrant.reference,
    }
    [task] = SearchForm({"actor": "registry.sweep_uploads"}).chips()
    assert task.value == "The portal itself"
    [gone] = SearchForm({"incident": CAMERA}).chips()
    assert gone.value == f"{CAMERA[:8]}…"


def test_no_field_asks_for_an_id(auditor_client: Client) -> None:
    page = auditor_client.get(LOG).content.decode()
    asked = re.findall(r'<(?:input|select)(?![^>]*type="hidden")[^>]* name="([a-z_]+)"', page)
    assert set(asked) - {"q", "language", "next"} == {
        "word", "event", "outcome", "since", "until", "actor_kind", "area", "premises_type", "offence_type",
    }  # fmt: skip


def texts(typed: str) -> list[tuple[str, str]]:
    """Return the phrases of a text: as typed, and what each means."""
    return [(phrase.text, phrase.said if phrase.meanings else "") for phrase in phrases_of(typed)]


def test_several_phrases_are_understood_at_once_in_any_order(deputy: User) -> None:
    incident_at(number="2026-000303")
    code = deputy.pseudonym.rpartition(" ")[2]
    who, what = (code, deputy.pseudonym), ("2026-000303", "Incident 2026-000303")
    assert texts(f"{code} 2026-000303") == [who, what]
    assert texts(f"2026-000303, {code}") == [what, who]
    day = texts("2026-11-30")[0]
    assert texts(f"refused by {deputy.pseudonym} on 2026-11-30") == [
        ("refused", "Refused"),
        (deputy.pseudonym, deputy.pseudonym),
        day,
    ]


def test_an_address_among_other_words_is_one_phrase() -> None:
    camera_at()
    place, what = phrases_of("600 20th Street North, Birmingham, AL 35203 refused")
    assert (place.said, what.said) == ("1 camera at 600 20th Street North", "Refused")


def test_or_joins_two_people(deputy: User, supervisor: User) -> None:
    [either] = phrases_of(f"{deputy.pseudonym} or {supervisor.pseudonym}")
    assert {actor for meaning in either.meanings for actor in meaning.actors} == {
        str(deputy.pk),
        str(supervisor.pk),
    }


@pytest.mark.parametrize("word", ["canvass", "Canvasses", "canvassed"])
def test_a_word_means_each_kind_of_entry_that_says_it(word: str) -> None:
    [meaning] = meanings_of(word)
    of_canvasses = {event.value for event in Event if event.value.startswith("registry:canvass:")}
    assert of_canvasses < set(meaning.events)
    assert Event.CAMERA_SHOWN.value in meaning.events  # it is shown in a canvass
    assert Event.LOG_OPENED.value not in meaning.events


def test_words_for_roles_and_refusals_are_understood() -> None:
    assert [meaning.roles for meaning in meanings_of("Deputies")] == [("deputy",)]
    for word in ("refused", "refusal", "refusals"):
        assert [meaning.outcomes for meaning in meanings_of(word)] == [("refused",)]
    assert meanings_of("van") == meanings_of("the") == ()


def test_a_word_that_nobody_knows_finds_nothing_even_beside_one_that_is_known(auditor_client: Client) -> None:
    write()
    page = auditor_client.post(LOG, {"word": "refused by Jordan Smithe"}).content.decode()
    assert "No match for “Jordan Smithe”" in page
    assert '<tr id="entry-' not in page


def test_neither_name_nor_home_of_a_person_is_in_an_address(auditor_client: Client, deputy: User) -> None:
    User.objects.filter(pk=deputy.pk).update(name="Dana Whitfield")
    camera = camera_at()
    owner, place = camera.premises.registrant, camera.premises
    for typed, shared in (
        ("dana whitfield", deputy.pseudonym),
        (deputy.email, deputy.pseudonym),
        (owner.user.email, owner.reference),
        (f"refused whitfield {place.street}", f"refused {deputy.pseudonym} {number_of('H', place.pk)}"),
    ):
        for answer in (auditor_client.post(LOG, {"word": typed}), auditor_client.get(LOG, {"word": typed})):
            assert answer["Location"] == f"{LOG}?word={quote_plus(shared)}"
        assert auditor_client.get(LOG, {"word": shared}).status_code == 200
    private = ("whitfield", "dana", owner.user.email, quote_plus(place.street.lower()))
    page = auditor_client.get(LOG, {"word": f"{deputy.pseudonym} {number_of('H', place.pk)}"}).content.decode().lower()
    assert not [link for link in re.findall(r'href="([^"]*)"', page) if any(each in unescape(link) for each in private)]


def test_what_nobody_knows_stays_out_of_every_address(auditor_client: Client, deputy: User) -> None:
    answer = auditor_client.post(LOG, {"word": f"{deputy.pseudonym} Jordan Smithe"})
    assert answer.status_code == 200
    assert not [link for link in re.findall(r'href="([^"]*)"', answer.content.decode()) if "mithe" in link]


def test_each_search_is_one_entry(auditor_client: Client, deputy: User) -> None:
    def searched() -> int:
        return AuditEntry.objects.filter(event=Event.LOG_SEARCHED).count()

    auditor_client.post(LOG, {"word": deputy.pseudonym}, follow=True)
    assert searched() == 1
    auditor_client.post(LOG, {"word": "Jordan Smithe"})
    assert searched() == 2


def test_a_business_is_found_by_its_exact_name_and_a_person_is_not() -> None:
    business, person = registrant_at(), registrant_at()
    Registrant.objects.filter(pk=business.pk).update(kind="business", name="Linn Park Diner")
    [meaning] = meanings_of("linn park diner")
    assert ("registrant", str(business.pk)) in meaning.subjects
    assert "Diner" not in meaning.said
    assert meanings_of("Linn Park") == ()
    assert meanings_of(person.name) == ()


@pytest.mark.parametrize("typed", ["dana m. whitfield", "Whitfield", "dana"])
def test_staff_are_found_by_each_whole_word_of_their_name(typed: str, deputy: User) -> None:
    User.objects.filter(pk=deputy.pk).update(name="Dana M. Whitfield")
    [meaning] = meanings_of(typed)
    assert (meaning.said, meaning.actors) == (deputy.pseudonym, (str(deputy.pk),))
    assert meanings_of("Whitfiel") == meanings_of("Dana Smith") == ()
    assert meanings_of(f"canvass {deputy.pseudonym.rpartition(' ')[2]}") == ()  # two phrases, and not one of them


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
