"""The page of a card: what was searched on a map, its call, its entries folded, and its person's usual week.

A reviewer from outside reads kind, day and counts, and none below FEWEST.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from audit.console.entry import OUTCOME_KINDS, Fold as LogFold, actor_name, entry_sentence, rows_of
from audit.log.actors import ActorKind
from audit.log.events import REFUSALS, Event
from audit.log.models import AuditEntry
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.charts import Bar, Chart, Row, chart_of
from fusus_portal.ground.geo.points import Area
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import maps, times
from fusus_portal.ground.pages.components import Cell, Table
from fusus_portal.oversight.figures.definitions import FEWEST
from fusus_portal.oversight.review import policies, selectors
from fusus_portal.oversight.review.flags.kinds import FlagKind, sentence_of
from fusus_portal.oversight.review.models import CardKind, ReviewCard, ReviewExplanation
from fusus_portal.oversight.review.presenters.questions import finding_for_reader
from fusus_portal.oversight.review.presenters.readers import (
    CARD_TAGS,
    Reader,
    about_cards,
    cameras_words,
    card_state,
    card_title,
    owners_words,
    reader_of,
    week_name,
)
from fusus_portal.oversight.review.selectors import MOST_CALLS, WEEKS_BEFORE, Evidence, Fold
from fusus_portal.oversight.review.services.reviews import Queue
from fusus_portal.oversight.review.states import CardState, ExplanationState, WeekState
from fusus_portal.oversight.review.week import DAYS
from integration.critical import selectors as critical
from integration.critical.models import Declaration
from integration.critical.presenters import glass_sentence
from registry.incidents.models import Incident
from registry.incidents.presenters.incidents import window_of

READ_OUTSIDE = frozenset(
    {event for event in Event if event.agency or event.owner}
    | {*REFUSALS.values(), Event.VIEW_REFUSED, Event.CANVASS_VIEWED, Event.SIGNED_IN}
)
"""Events that reviewers from outside read: those that owners or people on an incident read, refused acts, sign-ins."""

SEARCHES = frozenset({Event.CANVASS_DRAFTED, Event.CANVASS_CHANGED})


def card_page(card: ReviewCard, queue: Queue, viewer: User, *, evidence: Evidence) -> dict[str, Any]:
    reader = reader_of(card.week, viewer)
    place = [each.pk for each in queue.cards].index(card.pk)
    return {
        "number": place + 1,
        "total": len(queue.cards),
        "before": queue.cards[place - 1] if place else None,
        "after": queue.cards[place + 1] if place + 1 < len(queue.cards) else None,
        "card": card,
        "title": card_title(card, reader),
        "about": about_cards([card], reader).get(card.pk, "") if card.kind == CardKind.SAMPLE else "",
        "state": card_state(card),
        "kind": CARD_TAGS[CardState(card.state)],
        "week": card.week,
        "week_name": week_name(card.week),
        "stood_out": _flag_sentence(card, evidence.entries, reader),
        "acts": acts_table(evidence, reader),
        "usual": usual_page(card, reader),
        "chart": months_chart(card, selectors.own_acts_by_month(card), reader),
        "decided": _decided_sentence(card, reader),
        "finding": finding_for_reader(card.finding, reader) if hasattr(card, "finding") else None,
        "explanation": explanation_page(card, reader),
        "audits": reader.is_inside,
        "open": card.state == CardState.WAITING and card.week.state == WeekState.OPEN,
        "reason": _why_undecidable(card, queue, viewer),
        "no_question": why_not(partial(policies.must_be_askable, card))
        or why_not(partial(policies.must_have_none_open, card)),
        "blocked": card.pk in queue.blocked,
        **(_inside(card, evidence) if reader.is_inside else {}),
    }


def _inside(card: ReviewCard, evidence: Evidence) -> dict[str, Any]:
    """Return the parts of a card's page that auditors alone read: map, calls, reasons, questions, and each entry."""
    calls, rows = selectors.calls_of_card(card), rows_of(evidence.entries)
    return {
        "folds": [LogFold([row]) for row in rows],
        "shown": _shown_sentence(card, evidence),
        "reasons": list(dict.fromkeys(row["reason"] for row in rows if row["reason"]))[:MOST_CALLS],
        "calls": [_call(each) for each in calls[:MOST_CALLS]],
        "more_calls": max(0, len(calls) - MOST_CALLS),
        "map": _map(evidence.entries, calls[:MOST_CALLS]),
        "questions": list(card.questions.select_related("person", "asked_by")),
    }


def _shown_sentence(card: ReviewCard, evidence: Evidence) -> str:
    """Return how many entries are shown if that is not all of them, or ""."""
    shown = len(evidence.entries)
    if shown == evidence.number:
        return ""
    if len(card.entries) == 1:
        words = _("%(shown)d of %(number)s further entries of this act are shown here. The counts above are of all.")
        return words % {"shown": shown - 1, "number": f"{evidence.number - 1:,}"}
    words = _("The first %(shown)d of %(number)s entries are shown here. The counts above are of all.")
    return words % {"shown": shown, "number": f"{evidence.number:,}"}


def _call(incident: Incident) -> dict[str, Any]:
    return {
        "incident": incident,
        "window": window_of(incident),
        "opened": _("%(who)s opened it, %(when)s.")
        % {
            "who": incident.opened_by.pseudonym if incident.opened_by else _("Dispatch"),
            "when": times.moment(incident.opened_at),
        },
        "confirmed": _confirmed_sentence(incident),
        "is_confirmed": incident.confirmed_at is not None or incident.verified_at is not None,
    }


def _confirmed_sentence(incident: Incident) -> str:
    if incident.confirmed_at is not None:
        return _("Dispatch confirmed it, %(when)s.") % {"when": times.moment(incident.confirmed_at)}
    if incident.verified_at is not None and incident.verified_by is not None:
        words = {"who": incident.verified_by.pseudonym, "when": times.moment(incident.verified_at)}
        return _("%(who)s verified it, %(when)s.") % words
    if incident.lapsed_at is not None:
        return _("Nobody verified it in time, so it closed.")
    return _("Nobody has verified it.")


def _map(entries: Sequence[AuditEntry], calls: Sequence[Incident]) -> dict[str, Any] | None:
    """Return the map of a card: calls, searched areas, declared circles, and no camera; None without any of them."""
    canvasses, declarations = selectors.searched_in(entries)
    areas = [maps.outline(each.area, _("Search"), kind="" if each.sent_at else "prepared") for each in canvasses] + [
        maps.outline(Area(each.point, each.radius_m), _("Declared circle"), kind="declared") for each in declarations
    ]
    places = [maps.place(each.point, f"{each.number}, {each.place}", kind="incident") for each in calls]
    if not areas and not places:
        return None
    drawn_anew = any(
        entry.facts.get("radius_m") not in (None, round(canvass.radius_m))
        for canvass in canvasses
        for entry in entries
        if entry.event in SEARCHES and entry.subject_id == str(canvass.pk)
    )
    center = maps.pair(calls[0].point) if calls else ",".join(map(str, areas[0]["center"]))
    return {
        "areas": areas,
        "places": places,
        "center": center,
        "drawn_anew": drawn_anew,
        "has_search": bool(canvasses),
        "has_circle": bool(declarations),
        **maps.ground(),
    }


def _flag_sentence(card: ReviewCard, entries: Sequence[AuditEntry], reader: Reader) -> str:
    """Return the sentence of a card's flag, or "". For auditors one of broken glass names place and people."""
    if not card.flag:
        return ""
    declarations = [entry.subject_id for entry in entries if entry.subject_kind == Declaration.subject_kind]
    broken = critical.glass_of(declarations) if card.flag == FlagKind.GLASS and reader.is_inside else ()
    sentences = [glass_sentence(each) for each in broken]
    return sentence_of(FlagKind(card.flag), card.facts, broken=sentences, number=reader.count)


def acts_table(evidence: Evidence, reader: Reader) -> Table:
    """Return a card's entries folded: a line for each act, with how many cameras of how many owners.

    A reviewer from outside reads acts of the office and the portal, not of an owner, with no place, number or text.
    """
    read = [fold for fold in evidence.folds if reader.is_inside or _is_read_outside(fold.first)]
    rows = [
        (
            Cell(entry_sentence(fold.first), tags=_outcome_tags(fold.first.outcome)),
            _how_many(fold, reader),
            reader.name(fold.first.actor_pseudonym) or actor_name(fold.first),
            _when(fold, reader),
        )
        for fold in read
    ]
    return Table(_("What was done"), [_("What"), _("How many"), _("Who"), _("When")], rows)


def _outcome_tags(outcome: str) -> list[tuple[str, str]]:
    return [] if outcome == "done" else [(OUTCOME_KINDS.get(outcome, "bad"), outcome)]


def _is_read_outside(entry: AuditEntry) -> bool:
    return entry.event in READ_OUTSIDE and (entry.actor_kind == ActorKind.TASK or bool(entry.actor_pseudonym))


def _when(fold: Fold, reader: Reader) -> str:
    first, last = reader.when(fold.first.at), reader.when(fold.last_at)
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def _how_many(fold: Fold, reader: Reader) -> str:
    """Return for example "26 cameras of 11 owners; 5 of one", or how many times, or "" for once."""
    if not fold.cameras:
        times_words = ngettext("%(number)s time", "%(number)s times", FEWEST)
        return times_words % {"number": reader.count(fold.number)} if fold.number > 1 else ""
    cameras = cameras_words(fold.cameras, reader)
    if not reader.is_inside:
        return _("%(cameras)s of %(owners)s") % {
            "cameras": cameras,
            "owners": owners_words(len(fold.owners) + fold.gone, reader),
        }
    parts = [cameras]
    if fold.owners:
        words = {"cameras": cameras, "owners": owners_words(len(fold.owners), reader)}
        parts = [_("%(cameras)s of %(owners)s") % words]
    if len(fold.owners) > 1 and fold.owners[0] > 1:
        parts.append(_("%(number)d of one") % {"number": fold.owners[0]})
    if fold.gone:
        parts.append(_("%(number)d no longer registered") % {"number": fold.gone})
    return "; ".join(parts)


def usual_page(card: ReviewCard, reader: Reader) -> dict[str, Any] | None:
    """Return the usual week of a card's person beside this one; for outside a sentence alone."""
    found = selectors.usual_week(card)
    if found is None:
        return None
    own, usual = found
    words = {"usual": reader.count(sum(usual)), "own": reader.count(sum(own)), "weeks": WEEKS_BEFORE}
    said = _("Acts in this week: %(own)s. Acts in a usual week, by the mean of the %(weeks)d weeks before: %(usual)s.")
    page: dict[str, Any] = {"said": said % words}
    if not reader.is_inside:
        return page
    begins = timezone.localtime(card.week.begins_at)
    days = [date_format(begins + timedelta(days=day), "D") for day in range(DAYS)]
    pairs = list(zip(days, own, usual, strict=True))
    columns = [_("Day"), _("This week"), _("A usual week")]
    return page | {"chart": _paired(pairs, reader, said=_("This week (dark) and a usual week (pale)"), columns=columns)}


def _paired(
    pairs: Sequence[tuple[str, float, float]], reader: Reader, *, said: str, columns: Sequence[str]
) -> Chart | None:
    """Return a chart of acts with a dark and a pale bar for each name. A number kept from this reader has no bar."""
    bars = [
        Bar(name, number if reader.is_inside or number >= FEWEST else 0, reader.count(number), is_pale)
        for name, own, usual in pairs
        for number, is_pale in ((own, False), (usual, True))
    ]
    rows = [Row(name, [reader.count(own), reader.count(usual)]) for name, own, usual in pairs]
    return chart_of(bars, said=said, unit=_("acts"), columns=columns, rows=rows)


def explanation_page(card: ReviewCard, reader: Reader) -> dict[str, Any] | None:
    """Return the mark of a reviewer from outside and the auditor's words on it; None for an unmarked card."""
    if not hasattr(card, "explanation"):
        return None
    found: ReviewExplanation = card.explanation
    by = found.given_by
    given = f"{reader.name(by.pseudonym)}, {reader.when(found.given_at)}" if by and found.given_at else ""
    return {
        "wanted": _("A reviewer from outside wants this explained, %(when)s.") % {"when": reader.when(found.wanted_at)},
        "text": reader.text(found.text),
        "given": given,
        "waits": found.state == ExplanationState.WANTED,
    }


def months_chart(card: ReviewCard, months: Mapping[str, int], reader: Reader) -> Chart | None:
    """Return the months of a card's person beside colleagues."""
    if card.account is None:
        return None
    usual = card.week.colleagues
    pairs = [
        (
            formatted(date.fromisoformat(f"{month}-01"), "N Y"),
            number,
            float(usual.get(month, {}).get(card.account.role, 0)),
        )
        for month, number in months.items()
    ]
    person = reader.name(card.person)
    said = _(
        "Searches, requests, views and footage played or downloaded in each month: %(person)s (dark), and the median "
        "of colleagues who did any (pale)."
    )
    columns = [_("Month"), person, _("Median of colleagues")]
    return _paired(pairs, reader, said=said % {"person": person}, columns=columns)


def _decided_sentence(card: ReviewCard, reader: Reader) -> str:
    if card.decided_by is None or card.decided_at is None:
        return ""
    words = {"who": reader.name(card.decided_by.pseudonym), "when": reader.when(card.decided_at)}
    return _("%(who)s decided about it, %(when)s.") % words


def _why_undecidable(card: ReviewCard, queue: Queue, viewer: User) -> str:
    if signed := why_not(partial(policies.must_be_unsigned, card.week)):
        return signed
    if card.state != CardState.WAITING:
        return _("This card is done.")
    return why_not(
        partial(
            policies.may_review,
            viewer,
            card,
            took_part=card.pk in queue.took_part,
            had_another_role=queue.had_another_role,
            permission=Permission.REVIEW,
        )
    )
