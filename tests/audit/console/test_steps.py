"""A search finds what is asked by each field of CJIS AU-3, newest first, and says how far it looked."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from audit.console.search import steps as search_steps
from audit.console.search.phrases import Phrase
from audit.console.search.query import LogQuery
from audit.hooks import Meaning
from audit.log.events import Event
from audit.log.models import AuditEntry
from tests.audit.console.conftest import CAMERA, INCIDENT, KIM, LEE, OTHER_CAMERA, found, ids, write
from tests.database.clone import Clone

Story = dict[str, AuditEntry]


def meant(**means: object) -> LogQuery:
    """Return a search by a word that means this."""
    return LogQuery(word="x", phrases=(Phrase("x", (Meaning("x", **means),)),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (LogQuery(), ["evidence", "refused", "other", "shown", "opened"]),
        (LogQuery(actor=KIM.id), ["evidence", "shown", "opened"]),
        (LogQuery(actor_role="supervisor"), ["refused", "other"]),
        (LogQuery(event=Event.CAMERA_SHOWN.value), ["other", "shown"]),
        (LogQuery(event=Event.CAMERA_SHOWN.value, actor=LEE.id), ["other"]),
        (LogQuery(outcome="refused"), ["refused"]),
        (LogQuery(camera=CAMERA), ["shown"]),
        (LogQuery(incident=INCIDENT), ["shown", "opened"]),
        (LogQuery(subject_kind="incident", subject=INCIDENT), ["opened"]),
        (LogQuery(subject_kind="camera"), ["other", "shown"]),
        (LogQuery(area="35222"), ["other"]),
        (LogQuery(premises_type="home"), ["shown"]),
        (LogQuery(offence_type="burglary"), ["opened"]),
        (LogQuery(address="203.0.113.9"), ["evidence", "opened"]),
        (LogQuery(address="203.0.113.10"), []),
        (LogQuery(address="203.0.113.9", event=Event.EVIDENCE_OPENED.value), ["evidence"]),
        (meant(actors=(KIM.id,)), ["evidence", "shown", "opened"]),
        (meant(cameras=(CAMERA, OTHER_CAMERA)), ["other", "shown"]),
        (meant(actors=(LEE.id,), cameras=(CAMERA,)), ["refused", "other", "shown"]),
        (meant(incidents=(INCIDENT,), subjects=(("incident", INCIDENT),)), ["shown", "opened"]),
        (meant(addresses=("203.0.113.9",)), ["evidence", "opened"]),
        (LogQuery(word="nobody"), []),
    ],
)
def test_each_field_finds_what_it_names(wanted: LogQuery, names: list[str], story: Story) -> None:
    assert ids(wanted) == [story[name].pk for name in names]
    assert ids(wanted, newest_first=False) == [story[name].pk for name in reversed(names)]


def test_time_is_a_span_of_ids(story: Story) -> None:
    moment = story["other"].at
    assert ids(LogQuery(since=moment)) == [story[name].pk for name in ("evidence", "refused", "other")]
    assert ids(LogQuery(until=moment)) == [story[name].pk for name in ("shown", "opened")]
    assert ids(LogQuery(since=moment, until=moment + timedelta(microseconds=1))) == [story["other"].pk]
    assert ids(LogQuery(since=moment + timedelta(days=1))) == []
    assert ids(LogQuery(until=moment - timedelta(days=1))) == []


def test_pages_lead_through_everything_once_and_back(db: None) -> None:
    written = [write().pk for _ in range(7)][::-1]
    wanted = LogQuery(actor=KIM.id)
    first = found(wanted, most=3)
    second = found(wanted, most=3, start=first.go_on)
    third = found(wanted, most=3, start=second.go_on)
    assert [entry.pk for page in (first, second, third) for entry in page.entries] == written
    assert (first.is_full, second.is_full, third.is_full, third.go_on) == (True, True, False, None)
    back = found(wanted, most=3, newest_first=False, start=third.entries[0].pk)
    assert [entry.pk for entry in back.entries][::-1] == [entry.pk for entry in second.entries]


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("wanted", [LogQuery(outcome="refused"), LogQuery(actor=LEE.id, outcome="refused")])
def test_a_walk_whose_time_is_up_says_where_it_stands_and_goes_on(
    wanted: LogQuery, newest_first: bool, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_steps, "FIRST_STEP", 2)
    monkeypatch.setattr(search_steps, "SLOW", 0.0)
    monkeypatch.setattr(search_steps, "PACE", 0.0)
    outcomes = ["refused", *["done"] * 9]
    written = [write(actor=LEE, outcome=outcome) for outcome in (outcomes if newest_first else outcomes[::-1])]
    [rare] = [entry for entry in written if entry.outcome == "refused"]
    looked, start = 0, None
    while (now := found(wanted, seconds=0.0, start=start, newest_first=newest_first)).go_on is not None:
        assert (now.entries, now.is_full) == ([], False)
        looked, start = looked + 1, now.go_on
    assert [entry.pk for entry in now.entries] == [rare.pk]
    assert looked >= 4
    assert ids(wanted, newest_first=newest_first) == [rare.pk]


@pytest.mark.parametrize(("pace", "steps"), [(60.0, 3), (0.0, 10)])
def test_a_step_that_was_quick_is_followed_by_a_longer_one(
    pace: float,
    steps: int,
    db: None,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(search_steps, "FIRST_STEP", 1)
    monkeypatch.setattr(search_steps, "PACE", pace)
    written = [write().pk for _ in range(10)][::-1]
    with django_assert_num_queries(2 + steps):
        assert ids(LogQuery(outcome="done")) == written


def test_where_nothing_is_found_steps_grow_to_an_eighth_of_the_walk(
    db: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(search_steps, "FIRST_STEP", 1)
    monkeypatch.setattr(search_steps, "GROWTH", 4)
    monkeypatch.setattr(search_steps, "PACE", 0.0)
    written = [write().pk for _ in range(72)][::-1]
    wanted = LogQuery(outcome="refused")
    assert [end - begin for begin, end in steps_of(wanted, newest_first=True)] == [1, 4, 16, 18, 18, 15]
    with django_assert_num_queries(2 + 6):
        assert ids(wanted) == []
    monkeypatch.setattr(search_steps, "FIRST_STEP", 30)
    monkeypatch.setattr(search_steps, "GROWTH", 1)
    with django_assert_num_queries(2 + 1 + 3):  # where the first step ends is looked up, and of the others it is not
        assert ids(LogQuery(actor=KIM.id), most=100) == written


def test_the_log_of_nobody_is_empty(db: None) -> None:
    assert found(LogQuery()) == search_steps.Found([], None, is_full=False)


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_rare_address_is_looked_for_only_around_its_moments(newest_first: bool, portal_db: Clone) -> None:
    written = [write(address="203.0.113.9" if number in (3, 4, 9) else "10.1.1.5") for number in range(12)]
    days_ago(portal_db, written)
    wanted = LogQuery(address="203.0.113.9")
    looked_at = [end - begin for begin, end in steps_of(wanted, newest_first=newest_first)]
    assert looked_at == [1, 1, 1]  # of twelve entries
    rare = [written[number].pk for number in (3, 4, 9)]
    assert ids(wanted, newest_first=newest_first) == (rare[::-1] if newest_first else rare)


def days_ago(clone: Clone, entries: list[AuditEntry]) -> None:
    """Date entries and their texts a day apart, as if the last were written now."""
    with clone.connect() as superuser:
        superuser.execute("SET event_triggers = off")
        for table, guard in (("audit_entry", "audit_refuse"), ("audit_detail", "audit_detail_refuse")):
            superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}".encode())
        for days, entry in enumerate(reversed(entries)):
            for column, table, key in (("address_digest", "audit_detail", "digest"), ("id", "audit_entry", "id")):
                superuser.execute(
                    f"UPDATE {table} SET at = at - interval '{days} days' WHERE {key} = %s".encode(),
                    [getattr(entry, column)],
                )


def steps_of(wanted: LogQuery, *, newest_first: bool) -> list[tuple[int, int]]:
    """Return the stretches of ids that a walk looks at."""
    low, high = search_steps.bounds(wanted, search_steps.Way(most=50, seconds=5.0, newest_first=newest_first))
    return list(search_steps._steps(wanted, low, high, [], newest_first=newest_first))
