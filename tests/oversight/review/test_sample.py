"""The sample of a week: bound before it begins, drawn by a rule that anyone can follow with the entries."""

import json
from base64 import b64decode
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
import time_machine
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.ledger.tree.leaves import written_entries
from audit.log.models import AuditEntry
from fusus_portal.oversight.review import rules, selectors, week
from fusus_portal.oversight.review.models import CardKind, ReviewWeek
from fusus_portal.oversight.review.services import reviews
from tests.oversight.review.reviewing import drawn, flag_of, searches, seeded

pytestmark = pytest.mark.django_db

SEARCHED = {
    "registry:canvass:draft", "registry:canvass:change", "registry:canvass:send", "integration:view:start",
    "integration:clip:ask", "registry:evidence:view", "registry:evidence:download",
}  # fmt: skip


def bytes_of_the_log() -> list[bytes]:
    """Return all entries as they are sealed."""
    with connection.cursor() as cursor:
        return [line for _entry, line in written_entries(cursor, list(AuditEntry.objects.values_list("id", flat=True)))]


def drawn_by_an_outsider(lines: list[bytes], seed: str, begin: datetime, end: datetime, size: int) -> list[int]:
    """Draw a sample from sealed entries, by the words of the public page and no code of the portal."""
    keys = []
    for line in lines:
        entry = json.loads(line)
        at = datetime.fromisoformat(entry["at"])
        is_act = entry["event"] in SEARCHED and entry["outcome"] == "done" and entry["actor"].startswith("user:")
        if is_act and begin <= at < end:
            keys.append((sha256(bytes.fromhex(seed) + b64decode(entry["n"])).digest(), entry["id"]))
    return [pk for _key, pk in sorted(keys)[:size]]


def test_the_hash_is_an_entry_before_the_week_and_the_seed_after_it() -> None:
    searches()
    made = seeded()
    assert made.seeded_at < made.begins_at
    bound = AuditEntry.objects.get(event="audit:review:seed", subject_id=str(made.pk))
    assert bound.facts["sha256"] == made.seed_hash == sha256(bytes.fromhex(made.seed)).hexdigest()
    assert made.seed not in str(AuditEntry.objects.filter(event__startswith="audit:review").values_list("facts"))
    assert made.seed not in Client().get(reverse("weekly_review")).content.decode()
    with time_machine.travel(made.ends_at + timedelta(hours=1), tick=False):
        reviews.draw_weeks()
    told = AuditEntry.objects.get(event="audit:review:draw", subject_id=str(made.pk))
    assert (told.facts["seed"], told.facts["acts"], told.facts["sample"]) == (made.seed, 1, 1)
    page = Client().get(reverse("weekly_review")).content.decode()
    assert made.seed in page
    assert made.seed_hash in page


def test_anyone_with_the_entries_draws_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "SAMPLE_SIZE", 3)
    searches(6)
    made = drawn()
    outside = drawn_by_an_outsider(bytes_of_the_log(), made.seed, made.begins_at, made.ends_at, 3)
    assert [card.entries for card in made.cards.order_by("place")] == [[pk] for pk in outside]
    assert made.acts == 6


def test_another_seed_draws_another_sample() -> None:
    entries = searches(6)
    span = week.of(timezone.now())
    samples = {tuple(selectors.sample_of_week(span, seed=f"{number:032x}", size=2)) for number in range(12)}
    assert len(samples) > 1
    assert set().union(*samples) <= {entry.pk for entry in entries}


def test_a_sample_larger_than_the_week_takes_the_whole_week() -> None:
    entries = searches(3)
    assert rules.SAMPLE_SIZE > 3
    assert {pk for card in drawn().cards.all() for pk in card.entries} == {entry.pk for entry in entries}


def test_a_week_without_an_act_has_no_card_and_can_be_reviewed() -> None:
    made = drawn()
    assert (made.state, made.acts, made.cards.count()) == ("open", 0, 0)


def test_what_stood_out_comes_first_the_farthest_beyond_the_usual_first() -> None:
    entries = searches(2)
    made = drawn(flag_of(entries[:1], weight=2.0), flag_of(entries, weight=9.0))
    first, second, *sampled = made.cards.order_by("place")
    assert (first.weight, second.weight) == (9.0, 2.0)
    assert first.account == second.account
    assert first.account is not None
    assert {card.kind for card in sampled} == {CardKind.SAMPLE}


def test_an_act_of_another_week_is_not_drawn() -> None:
    searches()
    span = week.of(timezone.now())
    assert selectors.sample_of_week(span.previous(), seed="0" * 32, size=9) == []
    assert selectors.sample_of_week(span.next(), seed="0" * 32, size=9) == []


def test_weeks_that_the_portal_slept_through_are_seeded_late_and_that_is_said() -> None:
    made = seeded()
    with time_machine.travel(made.ends_at + timedelta(days=15), tick=False):
        assert reviews.seed_weeks() == 4
        assert reviews.seed_weeks() == 0
        page = Client().get(reverse("weekly_review")).content.decode()
    late = [each for each in ReviewWeek.objects.all() if each.seeded_at >= each.begins_at]
    assert len(late) == 3
    assert page.count("drawn after the week had begun") == 3


def test_the_database_keeps_seed_and_card() -> None:
    searches()
    made = drawn()
    card = made.cards.get()
    for change in (
        lambda: ReviewWeek.objects.filter(pk=made.pk).update(seed="0" * 32),
        lambda: made.cards.update(entries=[1]),
        card.delete,
    ):
        with pytest.raises(Error), transaction.atomic():
            change()


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01", "2026-12-31"])
def test_a_week_is_seven_days_on_the_agencys_clock(day: str) -> None:
    moment = timezone.make_aware(datetime.fromisoformat(f"{day}T12:00"))
    found = week.of(moment)
    assert found.begin <= moment < found.end
    assert (found.monday.weekday(), timezone.localtime(found.begin).hour) == (0, 0)
    assert timezone.localdate(found.end) - found.monday == timedelta(days=7)
    assert found.previous().end == found.begin
    assert found.next().begin == found.end
