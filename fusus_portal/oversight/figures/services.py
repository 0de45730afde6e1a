"""Counts of finished days, recounts, and a reviewer's acts on the public figures, each with its entry (CJIS AC-22).

Days are counted in order, each in a transaction with its entry, and none twice. A day is finished when a published
checkpoint covers its end. The task runs once a day, so public numbers never move because something was done.
"""

import hashlib
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.ledger import alarms
from audit.ledger.alarms import AlarmKind
from audit.ledger.models import Publication
from audit.ledger.tree.tiles import NoSuchTile, Tree
from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.oversight.figures import policies, selectors
from fusus_portal.oversight.figures.definitions import FIGURES, Figure
from fusus_portal.oversight.figures.models import (
    CountedDay,
    DayFigure,
    FigureDoubt,
    FigureReport,
    FigureReview,
    MonthFigure,
    ReviewAct,
)
from fusus_portal.oversight.figures.policies import FigureCount

COUNTER = "oversight.count_figures"
ONE_DAY = timedelta(days=1)
ROLLED_BACK = "The log does not hold the checkpoint that the public figures of {day} were counted from."


def count_finished_days() -> int:
    return sum(1 for _counted in iter(count_next_day, None))


def count_next_day() -> CountedDay | None:
    """Count the next day; return it, None if it is not finished, or after a rollback of the log, which is an alarm."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('oversight.figures'))")
        last = CountedDay.objects.order_by("-day").first()
        day = last.day + ONE_DAY if last else selectors.first_day_of_log()
        published = selectors.publication_after(day) if day else None
        if day is None or published is None:
            return None
        if last and not is_checkpoint_held(last):
            alarms.raise_alarm(kind=AlarmKind.PUBLIC_FIGURES, what=ROLLED_BACK.format(day=last.day))
            return None
        return _count_day(day, published)


def is_checkpoint_held(counted: CountedDay) -> bool:
    try:
        return Tree(remember=False).root(counted.size) == b64decode(counted.root)
    except NoSuchTile:
        return False


def counts_of_day(day: date) -> dict[str, FigureCount]:
    return selectors.counts_by_day(selectors.spans_of_days([day]))[day]


def published_numbers(day: date, by_day: Mapping[date, Mapping[str, FigureCount]]) -> list[MonthFigure]:
    """Return all numbers that a month publishes besides those of days. day: its last day. by_day: counts by day."""
    return [told for figure in FIGURES for told in _month_numbers(figure, day, by_day)]


def days_of_month(day: date) -> list[date]:
    rows = CountedDay.objects.filter(day__year=day.year, day__month=day.month)
    return list(rows.order_by("day").values_list("day", flat=True))


def is_last_of_month(day: date) -> bool:
    return (day + ONE_DAY).month != day.month


def kept_counts(days: Sequence[date]) -> dict[date, dict[str, FigureCount]]:
    found: dict[date, dict[str, FigureCount]] = {day: {} for day in days}
    for row in DayFigure.objects.filter(counted__in=days):
        found[row.counted_id][row.figure] = FigureCount(row.number, row.incidents)
    return found


def _count_day(day: date, published: Publication) -> CountedDay:
    root = published.note.splitlines()[2]
    counted = CountedDay.objects.create(day=day, size=published.size, root=root, published_at=published.at)
    found = counts_of_day(day)
    DayFigure.objects.bulk_create(
        DayFigure(counted=counted, figure=figure, number=part.number, incidents=part.incidents)
        for figure, part in sorted(found.items())
    )
    if is_last_of_month(day):
        of_month = published_numbers(day, kept_counts(days_of_month(day)))
        for told in of_month:
            told.closed = counted
        MonthFigure.objects.bulk_create(of_month)
    FigureReport.objects.create(counted=counted, content=selectors.report_through(day))
    lines = "".join(f"{figure} {part.number} {part.incidents}\n" for figure, part in sorted(found.items()))
    digest = hashlib.sha256(lines.encode()).hexdigest()
    facts: dict[str, int | str] = {"day": day.isoformat(), "size": published.size, "digest": digest}
    subject = Subject("figures", day.isoformat())
    record(event=Event.FIGURES_COUNTED, actor=task_actor(COUNTER), subject=subject, facts=facts)
    return counted


def _month_numbers(figure: Figure, day: date, by_day: Mapping[date, Mapping[str, FigureCount]]) -> list[MonthFigure]:
    counts = {each: found[figure.key] for each, found in by_day.items() if figure.key in found}
    alone = [each for each, count in counts.items() if policies.is_published(figure, count)]
    return policies.numbers_of_month(
        figure,
        told=alone,
        waits=[each for each in by_day if each not in alone],
        earlier=selectors.waiting_days(figure.key, day.replace(day=1)),
        count=lambda days, by: selectors.count_over_days(selectors.spans_of_days(days), figure, by),
    )


CHECKER = "oversight.check_figures"
DOUBT = "The public figures of {day} come out otherwise when they are counted again from the log."


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that differs in a recount. figure: "" if the checkpoint is gone. kept, counted: first and new number."""

    figure: str
    kept: int
    counted: int


def recount_day(*, day: date | None = None) -> list[Difference]:
    """Count a finished day again, by default a random one; return the differences.

    Each difference is a doubt, on the public page at once, and an alarm; both end when a recount agrees. The checkpoint
    of the newest day is checked too, which reveals a rollback of the log. Raises NotYours if the day is not counted.
    """
    days = list(CountedDay.objects.order_by("day"))
    if day is None and not days:
        return []
    chosen = SystemRandom().choice(days) if day is None else next((each for each in days if each.day == day), None)
    if chosen is None:
        raise NotYours(_("No figures were counted of that day."))
    found = list(_differences(chosen, days[-1]))
    with transaction.atomic():
        _note_doubts(chosen.day, found)
    _check_doubts(chosen.day)
    return found


def _check_doubts(checked: date) -> None:
    """Count other days in doubt again, so that their doubts can end. checked: the day that was counted just now."""
    doubted = set(FigureDoubt.objects.filter(cleared_at=None).values_list("day", flat=True)) - {checked}
    newest = CountedDay.objects.order_by("-day").first()
    for counted in CountedDay.objects.filter(day__in=doubted):
        with transaction.atomic():
            _note_doubts(counted.day, list(_differences(counted, newest or counted)))


def _differences(chosen: CountedDay, newest: CountedDay) -> Iterator[Difference]:
    for counted in (newest, chosen):
        if not is_checkpoint_held(counted):
            yield Difference(selectors.EVERYTHING, counted.size, 0)
            return
    kept = kept_counts(days_of_month(chosen.day))
    again = counts_of_day(chosen.day)
    yield from _compared(_plain_numbers(kept[chosen.day]), _plain_numbers(again))
    if is_last_of_month(chosen.day):
        old = _by_value(MonthFigure.objects.filter(closed=chosen))
        new = _by_value(published_numbers(chosen.day, {**kept, chosen.day: again}))
        yield from _compared(old, new, none={}, total=lambda numbers: sum(numbers.values()))
    report, built = FigureReport.objects.get(counted=newest).content, selectors.report_through(newest.day)
    if report["totals"] != built["totals"]:
        yield from _compared(report["totals"], built["totals"])
    elif report != built:
        old, new = report["figures"], built["figures"]
        changed = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
        yield from (Difference(key, 0, 0) for key in changed or [selectors.EVERYTHING])


def _plain_numbers(parts: Mapping[str, FigureCount]) -> dict[str, int]:
    return {figure: part.number for figure, part in parts.items()}


def _compared(
    kept: Mapping[str, Any], counted: Mapping[str, Any], *, none: Any = 0, total: Callable[[Any], int] = int
) -> Iterator[Difference]:
    """Yield the figures that differ. none: value for a missing figure. total: returns the number in a value."""
    for figure in sorted({*kept, *counted}):
        one, other = kept.get(figure, none), counted.get(figure, none)
        if one != other:
            yield Difference(figure, total(one), total(other))


def _by_value(numbers: Iterable[MonthFigure]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in numbers:
        found.setdefault(row.figure, {})[f"{row.dimension} {row.value}"] = row.number
    return found


def _note_doubts(day: date, found: list[Difference]) -> None:
    differing = {each.figure: each for each in found}
    open_doubts = FigureDoubt.objects.filter(day=day, cleared_at=None)
    known = set(open_doubts.values_list("figure", flat=True))
    open_doubts.exclude(figure__in=differing).update(cleared_at=timezone.now())
    FigureDoubt.objects.bulk_create(
        FigureDoubt(day=day, figure=figure, kept=each.kept, counted=each.counted)
        for figure, each in differing.items()
        if figure not in known
    )
    if found:
        alarms.raise_alarm(kind=AlarmKind.PUBLIC_FIGURES, what=DOUBT.format(day=day))
    else:
        alarms.clear(kind=AlarmKind.PUBLIC_FIGURES, by=CHECKER, what=DOUBT.format(day=day))


def release_figures(*, by: User, note_en: str = "", note_es: str = "", is_named: bool = False) -> FigureReview:
    """Release the figures through the last counted day, and end every delay. The first release makes figures public.

    is_named: the public reads the person's name beside the role. Raises Refused, Stale if nothing is counted,
    ValidationError on note_en and note_es.
    """
    policies.check_note(note_en, note_es)
    with transaction.atomic():
        policies.may_review(by)
        through = _last_counted_day()
        review = _add_review(ReviewAct.RELEASE, by, through, note_en=note_en, note_es=note_es, is_named=is_named)
        facts: dict[str, int | str] = {"through": through.isoformat(), "named": int(is_named)}
        record(event=Event.FIGURES_RELEASED, actor=by.actor, subject=review.subject, facts=facts)
    return review


def delay_figures(*, by: User, until: date, note_en: str, note_es: str) -> FigureReview:
    """Hold back days after the last counted one, until a day within 30 days; the public reads the note.

    Raises Refused, Stale while nothing is public or another delay runs, ValidationError on until and the notes.
    """
    policies.check_until(until, today=timezone.localdate())
    _need_note(note_en, note_es)
    with transaction.atomic():
        policies.may_review(by)
        through = _last_counted_day()
        if selectors.last_release() is None:
            raise Stale(_("Nothing is public yet: release the figures first."))
        if selectors.current_delay() is not None:
            raise Stale(_("Newer days are held back already. They are shown on the day that was named."))
        review = _add_review(ReviewAct.DELAY, by, through, until=until, note_en=note_en, note_es=note_es)
        facts = {"through": through.isoformat(), "until": until.isoformat()}
        record(event=Event.FIGURES_DELAYED, actor=by.actor, subject=review.subject, reason=note_en, facts=facts)
    return review


def note_figures(*, by: User, note_en: str, note_es: str, is_named: bool = False) -> FigureReview:
    """Add a note that the public reads beside the figures. Raises Refused, ValidationError on note_en and note_es."""
    _need_note(note_en, note_es)
    with transaction.atomic():
        policies.may_review(by)
        through = _last_counted_day()
        review = _add_review(ReviewAct.NOTE, by, through, note_en=note_en, note_es=note_es, is_named=is_named)
        record(event=Event.FIGURES_NOTED, actor=by.actor, subject=review.subject, reason=note_en)
    return review


def _need_note(note_en: str, note_es: str) -> None:
    if not note_en:
        raise ValidationError({"note_en": _("Say what the public has to know.")})
    policies.check_note(note_en, note_es)


def _last_counted_day() -> date:
    """Return the last counted day; in a demo, today. Raises Stale if no day is counted."""
    if settings.FIGURES_OF_TODAY:
        return timezone.localdate()
    counted = CountedDay.objects.order_by("-day").values_list("day", flat=True).first()
    if counted is None:
        raise Stale(_("No day is counted yet. The first one is counted in the night after it."))
    return counted


def _add_review(act: ReviewAct, by: User, through: date, *, is_named: bool = False, **said: Any) -> FigureReview:
    name = by.name if is_named else ""
    return FigureReview.objects.create(act=act, through=through, shown_as=name, role=by.role, made_by=by, **said)
