"""Readers of a review: the words that each reads about cards, people, numbers and times.

Owners read badge names with times, as auditors do. So a reviewer from outside reads days, and names made up for one
week's review, and can't identify anybody with an owner's list (docs/decisions/audit/weekly-review.md). They read no
number below FEWEST either.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.dateformat import format as formatted
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit import hooks
from audit.console.entry import entry_sentence
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.pages import times
from fusus_portal.oversight.figures.definitions import FEWEST
from fusus_portal.oversight.review import selectors
from fusus_portal.oversight.review.flags.kinds import FlagKind, sentence_of
from fusus_portal.oversight.review.models import CardKind, ReviewCard, ReviewWeek
from fusus_portal.oversight.review.states import CardState, QuestionState
from registry.incidents.selectors import type_labels

NAME_SALT: Final = "oversight.review.names"
CODE_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH: Final = 6
BADGE_NAME: Final = re.compile(rf"\b(?:{'|'.join(role.title() for role in Role.values)}) [A-Z]\d[A-Z]\d\b")
BADGE_CODE: Final = re.compile(r"\b[A-Z]\d[A-Z]\d\b")
HALF_OF_DAY: Final = r" ?[ap]\.?m\b\.?"
TIME_OF_DAY: Final = re.compile(
    rf"\b\d{{1,2}}(?::\d{{2}}){{1,2}}(?:\.\d+)?(?:{HALF_OF_DAY})?|\b\d{{1,2}}{HALF_OF_DAY}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of a week's review. is_inside: True for an auditor of the office, False for a reviewer from outside."""

    week: ReviewWeek
    is_inside: bool

    def name(self, badge: str) -> str:
        """Return a person's name for this reader. badge: the badge name, "" for nobody."""
        if self.is_inside or not badge:
            return badge
        return _("Person %(code)s") % {"code": self._code(badge)}

    def when(self, at: datetime) -> str:
        return times.moment(at) if self.is_inside else times.day(at)

    def count(self, number: float) -> str:
        """Return a number as this reader may read it: for outside none below FEWEST, as in the public figures."""
        if not self.is_inside and number < FEWEST:
            return _("fewer than %(number)d") % {"number": FEWEST}
        return f"{number:,}" if isinstance(number, int) else f"{number:.1f}".removesuffix(".0")

    def text(self, typed: str) -> str:
        """Return a text typed by people of the office; for outside without what `without_details` removes."""
        if self.is_inside:
            return typed
        return without_details(typed, self.name)

    def _code(self, badge: str) -> str:
        # A badge's code stays when its holder gets another role.
        said = f"{self.week.pk}:{badge.rpartition(' ')[2]}"
        digest = salted_hmac(NAME_SALT, said, algorithm="sha256").digest()
        return "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in digest[:CODE_LENGTH])


def without_details(typed: str, name: Callable[[str], str]) -> str:
    """Return a typed text without times of day and numbers of incidents. name: returns other words for a badge name."""
    for number in selectors.incident_numbers_in(typed):
        typed = typed.replace(number, _("(an incident)"))
    named = BADGE_CODE.sub(lambda found: name(found[0]), BADGE_NAME.sub(lambda found: name(found[0]), typed))
    return TIME_OF_DAY.sub(_("(a time)"), named)


def reader_of(week: ReviewWeek, viewer: User) -> Reader:
    return Reader(week, has(viewer.role, Permission.AUDIT))


CARD_TAGS = {CardState.WAITING: "warn", CardState.FINE: "good", CardState.FINDING: "bad"}


def card_title(card: ReviewCard, reader: Reader) -> str:
    what = str(FlagKind(card.flag).label) if card.kind == CardKind.FLAG else _("Random sample")
    return f"{what} · {reader.name(card.person)}" if card.person else what


def card_state(card: ReviewCard) -> str:
    if card.state != CardState.WAITING:
        return str(card.get_state_display())
    last = [question.state for question in card.questions.all()][-1:]
    if last in ([], [QuestionState.CLOSED]):
        return str(card.get_state_display())
    return _("Answered") if last == [QuestionState.ANSWERED] else _("Asked")


def week_name(week: ReviewWeek) -> str:
    """Return a week's first and last day: "Nov. 16 to Nov. 22, 2026"."""
    last = timezone.localtime(week.ends_at - timedelta(hours=1))
    first = timezone.localtime(week.begins_at)
    return _("%(first)s to %(last)s") % {"first": formatted(first, "N j"), "last": times.day(last)}


ACTS = {
    Event.CANVASS_DRAFTED: gettext_lazy("Search"),
    Event.CANVASS_CHANGED: gettext_lazy("Search, drawn again"),
    Event.CANVASS_SENT: gettext_lazy("Requests sent"),
    Event.VIEW_STARTED: gettext_lazy("Live view"),
    Event.CLIP_ASKED: gettext_lazy("Clip asked for"),
    Event.EVIDENCE_VIEWED: gettext_lazy("Footage played"),
    Event.EVIDENCE_DOWNLOADED: gettext_lazy("Footage downloaded"),
}
"""Acts of the sample (`rules.SAMPLED`) in a word or two."""


def about_cards(cards: Sequence[ReviewCard], reader: Reader) -> dict[UUID, str]:
    """Return for each card, by id, what it is about in words, for outside without place, incident and small numbers."""
    samples = [card for card in cards if card.kind == CardKind.SAMPLE]
    entries = selectors.first_entries_of_cards(samples)
    numbers = hooks.names("incident", (entry.incident_id for entry in entries.values())) if reader.is_inside else {}
    types = type_labels({entry.offence_type for entry in entries.values()}) if reader.is_inside else {}
    found = {card.pk: _flag_words(card, reader) for card in cards if card.kind == CardKind.FLAG}
    for pk, entry in entries.items():
        parts = [
            str(ACTS.get(Event(entry.event), entry_sentence(entry))),
            numbers.get(entry.incident_id, ""),
            types.get(entry.offence_type, ""),
            _cameras(entry, reader),
            date_format(timezone.localtime(entry.at), "MONTH_DAY_FORMAT"),
        ]
        found[pk] = " · ".join(part for part in parts if part)
    return found


def _flag_words(card: ReviewCard, reader: Reader) -> str:
    return sentence_of(FlagKind(card.flag), card.facts, number=reader.count)


def _cameras(entry: AuditEntry, reader: Reader) -> str:
    number = entry.facts.get("cameras")
    return cameras_words(number, reader) if isinstance(number, int) else ""


def cameras_words(number: int, reader: Reader) -> str:
    words = ngettext("%(number)s camera", "%(number)s cameras", max(number, 0 if reader.is_inside else FEWEST))
    return words % {"number": reader.count(number)}


def owners_words(number: int, reader: Reader) -> str:
    words = ngettext("%(number)s owner", "%(number)s owners", max(number, 0 if reader.is_inside else FEWEST))
    return words % {"number": reader.count(number)}
