"""Opening, searching, saving: each is an entry, of auditors only, and nothing is shown without it."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from audit.console import services
from audit.console.forms import SearchForm
from audit.console.models import SavedFilter
from audit.console.search import steps
from audit.console.search.days import midnight
from audit.console.search.query import LogQuery
from audit.console.services import LogPosition
from audit.log.actors import Actor, ActorKind
from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours
from tests.audit.console.conftest import CAMERA, INCIDENT, KIM, write
from tests.database.clone import Clone

AUDITOR = Actor(ActorKind.USER, "5a54dd6e-8a2b-4a49-a9f4-64f9e43f4f5b", role="auditor", pseudonym="Auditor M4P6")
OTHER = Actor(ActorKind.USER, "6a54dd6e-8a2b-4a49-a9f4-64f9e43f4f5b", role="auditor", pseudonym="Auditor X9Y2")


def newest() -> AuditEntry:
    """Return the entry written last."""
    found: AuditEntry = AuditEntry.objects.latest("id")
    return found


@pytest.mark.django_db
def test_opening_is_the_first_line_of_the_page() -> None:
    written = write()
    page = services.search_log(wanted=LogQuery(), by=AUDITOR, place=LogPosition())
    assert [entry.event for entry in page.entries] == [Event.LOG_OPENED, written.event]
    assert newest().actor_id == AUDITOR.id


@pytest.mark.django_db
def test_what_was_searched_stands_beside_the_log_and_not_in_it() -> None:
    services.search_log(wanted=LogQuery(word="ana@people.example", area="35203"), by=AUDITOR, place=LogPosition())
    entry = newest()
    assert (entry.event, entry.facts) == (Event.LOG_SEARCHED, {"before": 0, "after": 0})
    [detail] = AuditDetail.objects.filter(digest=entry.reason_digest)
    assert detail.text == "Search: ana@people.example; Area (ZIP code): 35203"


@pytest.mark.django_db
def test_pages_go_back_and_forth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PAGE_ENTRIES", 2)
    pks = [write().pk for _ in range(5)][::-1]
    wanted = LogQuery(actor=KIM.id)
    first = services.search_log(wanted=wanted, by=AUDITOR, place=LogPosition())
    second = services.search_log(wanted=wanted, by=AUDITOR, place=LogPosition(before=first.older))
    third = services.search_log(wanted=wanted, by=AUDITOR, place=LogPosition(before=second.older))
    assert [[entry.pk for entry in page.entries] for page in (first, second, third)] == [pks[:2], pks[2:4], pks[4:]]
    assert (first.newer, first.looked_to, third.older, third.looked_to) == (None, None, None, None)
    back = services.search_log(wanted=wanted, by=AUDITOR, place=LogPosition(after=third.newer))
    assert ([entry.pk for entry in back.entries], back.older) == (pks[2:4], second.older)
    assert back.looked_to is None
    again = services.search_log(wanted=wanted, by=AUDITOR, place=LogPosition(after=back.newer))
    assert ([entry.pk for entry in again.entries], again.newer) == (pks[:2], None)
    assert (second.timeline, back.timeline) == (None, None)
    assert first.timeline is not None
    assert sum(count for _begin, count in first.timeline.bars) == 5


@pytest.mark.django_db
def test_a_page_whose_time_was_up_says_how_far_it_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SEARCH_SECONDS", 0.0)
    monkeypatch.setattr(steps, "FIRST_STEP", 2)
    pks = [write().pk for _ in range(9)]
    older = services.search_log(wanted=LogQuery(outcome="refused"), by=AUDITOR, place=LogPosition(before=pks[8]))
    newer = services.search_log(wanted=LogQuery(outcome="refused"), by=AUDITOR, place=LogPosition(after=pks[0]))
    assert (older.entries, older.looked_to, older.older) == ([], pks[6], pks[6])
    assert (newer.entries, newer.looked_to, newer.newer) == ([], pks[2], pks[2])


@pytest.mark.parametrize("act", ["search", "open", "check", "save"])
def test_without_its_entry_nothing_is_shown_or_kept(act: str, portal_db: Clone) -> None:
    entry = write()
    with portal_db.connect() as superuser:
        superuser.execute("ALTER EVENT TRIGGER audit_guard_ddl DISABLE")
        superuser.execute("ALTER TABLE audit_entry ADD CHECK (actor_role <> 'auditor') NOT VALID")
    connection.close()
    acts: dict[str, Callable[[], object]] = {
        "search": lambda: services.search_log(wanted=LogQuery(), by=AUDITOR, place=LogPosition()),
        "open": lambda: services.open_entry(pk=entry.pk, by=AUDITOR),
        "check": lambda: services.check_entry(pk=entry.pk, by=AUDITOR),
        "save": lambda: services.save_search(name="Kim", query="actor=1", said="", by=AUDITOR),
    }
    with pytest.raises((DatabaseError, ValidationError)):
        acts[act]()
    assert not SavedFilter.objects.exists()


@pytest.mark.django_db
def test_a_saved_search_is_its_owners_alone() -> None:
    kept = services.save_search(name="Kim's views", query=f"actor={KIM.id}", said="Kim", by=AUDITOR)
    assert (newest().event, newest().subject_id) == (Event.FILTER_SAVED, str(kept.pk))
    with pytest.raises(ValidationError, match="of this name"):
        services.save_search(name="Kim's views", query="x=1", said="", by=AUDITOR)
    assert list(services.own_searches(by=OTHER)) == []
    with pytest.raises(NotYours):
        services.delete_search(pk=kept.pk, by=OTHER)
    assert services.delete_search(pk=kept.pk, by=AUDITOR) == "Kim's views"
    assert newest().event == Event.FILTER_DELETED
    assert list(services.own_searches(by=AUDITOR)) == []


@pytest.mark.django_db
def test_there_is_an_end_to_what_one_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_SAVED", 1)
    services.save_search(name="One", query="", said="", by=AUDITOR)
    with pytest.raises(ValidationError, match="Delete one first"):
        services.save_search(name="Two", query="", said="", by=AUDITOR)


@pytest.mark.django_db
def test_an_entry_that_is_not_there_is_not_found(auditor_client: Client) -> None:
    for number in (1, 2**63 - 1, 2**63, 2**80):
        assert auditor_client.get(reverse("audit_entry", args=[number])).status_code == 404


@pytest.mark.django_db
def test_the_pages_save_and_delete_a_search(auditor: User, auditor_client: Client) -> None:
    query = f"actor={KIM.id}&nonsense=1"
    answer = auditor_client.post(reverse("audit_filter_save"), {"name": "Kim", "query": query}, follow=True)
    assert "Saved as “Kim”" in answer.content.decode()
    kept = SavedFilter.objects.get()
    assert (kept.owner, kept.query) == (str(auditor.pk), f"actor={KIM.id}")
    assert f'href="?actor={KIM.id}">Kim</a>' in answer.content.decode()
    unnamed = auditor_client.post(reverse("audit_filter_save"), {"name": "", "query": query}, follow=True)
    assert "Write a name" in unnamed.content.decode()
    deleted = auditor_client.post(reverse("audit_filter_delete", args=[kept.pk]), follow=True)
    assert "Deleted “Kim”." in deleted.content.decode()
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"subject_kind": "camera", "subject": CAMERA}, LogQuery(subject_kind="camera", camera=CAMERA)),
        ({"subject_kind": "incident", "subject": INCIDENT}, LogQuery(subject_kind="incident", subject=INCIDENT)),
        ({"subject_kind": "camera"}, LogQuery(subject_kind="camera")),
        ({"since": "2026-11-01"}, LogQuery(since=midnight(date(2026, 11, 1)))),
        ({"until": "2026-11-01"}, LogQuery(until=midnight(date(2026, 11, 2)))),
        ({"address": " 2001:DB8::1 "}, LogQuery(address="2001:db8::1")),
    ],
)
def test_what_is_typed_into_the_fields_is_asked_for(fields: dict[str, str], wanted: LogQuery) -> None:
    assert SearchForm(fields).wanted() == wanted


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("address=nonsense", "This is no network address."),
        ("since=2026-11-02&until=2026-11-01", "The last day comes before the first."),
        ("subject=17", "Say what kind of object has this id."),
        ("event=registry:camera:burn", "Select a valid choice."),
        ("camera=17", "Enter a valid UUID."),
        ("since=yesterday", "Enter a valid date."),
    ],
)
def test_a_field_that_can_not_be_read_is_said(query: str, said: str, auditor_client: Client) -> None:
    answer = auditor_client.get(f"{reverse('audit')}?{query}")
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "said"), [("word=35203", "Filters"), ("area=35203&outcome=done", "Filters (2)")])
def test_filters_are_folded_and_say_how_many_are_used(query: str, said: str, auditor_client: Client) -> None:
    page = auditor_client.get(f"{reverse('audit')}?{query}").content.decode()
    (folded,) = re.findall(r'<details class="log-filters"( open)?>\s*<summary>(.*?)</summary>', page, re.DOTALL)
    assert (folded[0], " ".join(folded[1].split())) == ("", said)
    wrong = auditor_client.get(f"{reverse('audit')}?since=yesterday").content.decode()
    assert '<details class="log-filters" open>' in wrong


@pytest.mark.django_db
def test_a_word_that_nobody_knows_gets_help(auditor_client: Client) -> None:
    page = auditor_client.get(f"{reverse('audit')}?word=grey+van").content.decode()
    assert "No match for “grey van”" in page
    assert "Residents are not found by name." in page


@pytest.mark.django_db
def test_the_page_of_an_entry_says_everything_known(auditor_client: Client) -> None:
    before = write(address="203.0.113.9")
    entry = write(Event.INCIDENT_OPENED, address="203.0.113.9", reason="A grey van.", facts={"canvass": "c-17"})
    after = write()
    page = auditor_client.get(reverse("audit_entry", args=[entry.pk])).content.decode()
    for said in (
        "Deputy K7Q2",
        "opened an incident",
        "A grey van.",
        "203.0.113.9",
        "Test browser",
        "c-17",
        "Waits for",
    ):
        assert said in page, said
    for other in (before, after):
        assert reverse("audit_entry", args=[other.pk]) in page
    assert newest().event == Event.ENTRY_OPENED


@pytest.mark.django_db
def test_a_check_is_an_answer_and_the_browser_comes_back_to_the_entry(auditor_client: Client) -> None:
    entry = write()
    address = reverse("audit_entry", args=[entry.pk])
    checked = auditor_client.post(reverse("audit_entry_check", args=[entry.pk])).content.decode()
    assert f'data-shown-at="{address}"' in checked
    assert "data-shown-at" not in auditor_client.get(address).content.decode()
