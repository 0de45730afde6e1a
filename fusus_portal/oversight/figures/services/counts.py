"""Counts finished days in order, each in a transaction with its entry. Nothing is counted twice.

A day is finished when a published checkpoint covers its end. The task runs once a day, so public numbers move then, and
never because something was done.
"""

import hashlib
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from django.db import connection, transaction

from audit.ledger import alarms
from audit.ledger.alarms import AlarmKind
from audit.ledger.models import Publication
from audit.ledger.tree.tiles import NoSuchTile, Tree
from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import task_actor
from fusus_portal.oversight.figures.definitions import FIGURES, Dimension, Figure
from fusus_portal.oversight.figures.models import CountedDay, DayFigure, FigureReport, MonthFigure
from fusus_portal.oversight.figures.policies import suppression
from fusus_portal.oversight.figures.policies.suppression import Part, Told
from fusus_portal.oversight.figures.selectors import counts, reports

COUNTER = "oversight.count_figures"
A_DAY = timedelta(days=1)
ROLLED_BACK = "The log does not hold the checkpoint that the public figures of {day} were counted from."


def count_finished() -> int:
    done = 0
    while count_next():
        done += 1
    return done


def count_next() -> CountedDay | None:
    """Count and publish the next day; return it, None while unfinished. A rolled-back log raises an alarm instead."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('oversight.figures'))")
        last = CountedDay.objects.order_by("-day").first()
        day = last.day + A_DAY if last else counts.first_day()
        published = counts.publication_after(day) if day else None
        if day is None or published is None:
            return None
        if last and not is_held(last):
            alarms.raise_alarm(kind=AlarmKind.PUBLIC_FIGURES, what=ROLLED_BACK.format(day=last.day))
            return None
        return _count(day, published)


def is_held(counted: CountedDay) -> bool:
    try:
        return Tree(remember=False).root(counted.size) == b64decode(counted.root)
    except NoSuchTile:
        return False


def of_day(day: date) -> dict[str, Part]:
    return counts.by_day(counts.spans([day]))[day]


def of_month(day: date, by_day: Mapping[date, Mapping[str, Part]]) -> dict[str, list[Told]]:
    """Return each figure's published numbers of a month beyond its days. day: its last. by_day: its days' figures."""
    return {figure.key: _month(figure, day, by_day) for figure in FIGURES}


def days_of_month(day: date) -> list[date]:
    rows = CountedDay.objects.filter(day__year=day.year, day__month=day.month)
    return list(rows.order_by("day").values_list("day", flat=True))


def is_last_of_month(day: date) -> bool:
    return (day + A_DAY).month != day.month


def kept(days: Sequence[date]) -> dict[date, dict[str, Part]]:
    found: dict[date, dict[str, Part]] = {day: {} for day in days}
    for row in DayFigure.objects.filter(counted__in=days):
        found[row.counted_id][row.figure] = Part(row.number, row.incidents)
    return found


def _count(day: date, published: Publication) -> CountedDay:
    root = published.note.splitlines()[2]
    counted = CountedDay.objects.create(day=day, size=published.size, root=root, published_at=published.at)
    found = of_day(day)
    DayFigure.objects.bulk_create(
        DayFigure(counted=counted, figure=figure, number=part.number, incidents=part.incidents)
        for figure, part in sorted(found.items())
    )
    if is_last_of_month(day):
        MonthFigure.objects.bulk_create(
            MonthFigure(closed=counted, figure=figure, dimension=told.dimension, value=told.value, number=told.number)
            for figure, all_told in of_month(day, kept(days_of_month(day))).items()
            for told in all_told
        )
    FigureReport.objects.create(counted=counted, content=reports.report(day))
    facts: dict[str, int | str] = {"day": day.isoformat(), "size": published.size, "digest": _digest(found)}
    record(
        event=Event.FIGURES_COUNTED,
        actor=task_actor(COUNTER),
        subject=Subject("figures", day.isoformat()),
        facts=facts,
    )
    return counted


def _month(figure: Figure, day: date, by_day: Mapping[date, Mapping[str, Part]]) -> list[Told]:
    alone = [each for each, found in by_day.items() if _is_told(figure, found)]
    return suppression.month(
        figure,
        told=alone,
        waits=[each for each in by_day if each not in alone],
        earlier=reports.waiting(figure.key, day.replace(day=1)),
        count=partial(_together, figure),
    )


def _is_told(figure: Figure, found: Mapping[str, Part]) -> bool:
    return figure.key in found and suppression.is_told(figure, found[figure.key])


def _together(figure: Figure, days: Sequence[date], dimension: Dimension | None) -> Mapping[str, Part]:
    return counts.together(counts.spans(days), figure, dimension)


def _digest(found: Mapping[str, Part]) -> str:
    lines = "".join(f"{figure} {part.number} {part.incidents}\n" for figure, part in sorted(found.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
