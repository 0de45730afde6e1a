"""An auditor's search, by each fact that CJIS AU-3 requires of an entry. Other apps read typed words (`audit.hooks`).

Days and spans are read as people type them: "yesterday", "last week", "11/24/2026", "2026-11-01 to 2026-11-08".
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from audit.hooks import Meaning, resolvers
from audit.log.selectors import by_actor
from fusus_portal.ground.zones import zoned

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_FORMS = (
    r"(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)",
    r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>20\d\d)",
    _NAME + r" (?P<d>\d{1,2}),? (?P<y>20\d\d)",
    r"(?P<y>20\d\d)-(?P<m>\d\d)",
    _NAME + r" (?P<y>20\d\d)",
    r"(?P<relative>today|yesterday|(?:this|last) (?:week|month|year)|last [1-9]\d{0,2} days)",
)
_ONE = tuple(re.compile(rf"(?<![\w/.-]){form}(?![\w/-])", re.IGNORECASE) for form in _FORMS)
_BETWEEN = re.compile(r"\s*(?:to|until|through|\u2013|-|\.\.)\s*", re.IGNORECASE)
_BESIDE = re.compile(r"^(?:on|in|from|since)\b|\b(?:on|in|from|since)$", re.IGNORECASE)


def day_in_text(text: str) -> tuple[Meaning | None, str]:
    """Return the day or days that a text names, on the agency's clock, or None; and the rest of the text."""
    first = _found_day(text)
    if first is None:
        return None, text.strip()
    match, (begin, end) = first
    before, after = text[: match.start()], text[match.end() :]
    joined = _BETWEEN.match(after)
    second = _found_day(after[joined.end() :]) if joined else None
    if joined and second and second[0].start() == 0:
        end = max(end, second[1][1])
        after = after[joined.end() + second[0].end() :]
    rest = f"{_BESIDE.sub('', before.strip())} {after}".strip(" ,")
    last = end - timedelta(days=1)
    said = f"{begin:%Y-%m-%d}" if last == begin else _("%(begin)s to %(end)s") % {"begin": begin, "end": last}
    return Meaning(said, since=midnight(begin), until=midnight(end)), rest


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _found_day(text: str) -> tuple[re.Match[str], tuple[date, date]] | None:
    for form in _ONE:
        match = form.search(text)
        if match is None:
            continue
        try:
            return match, _days_of_match(match)
        except ValueError:  # there is no 31st of November
            continue
    return None


def _days_of_match(match: re.Match[str]) -> tuple[date, date]:
    """Return the first day that a match names, and the day after its last. Raises ValueError for one in no calendar."""
    named = match.groupdict()
    if relative := named.get("relative"):
        return _relative_days(relative.lower(), timezone.localdate())
    name = named.get("name")
    month = MONTHS.index(name.lower()) + 1 if name else int(named["m"])
    if named.get("d"):
        day = date(int(named["y"]), month, int(named["d"]))
        return day, day + timedelta(days=1)
    first = date(int(named["y"]), month, 1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _relative_days(words: str, today: date) -> tuple[date, date]:
    """Return the days of "last week" and its like. Weeks begin on Monday; "last 7 days" end with today."""
    if words in ("today", "yesterday"):
        day = today - timedelta(days=words == "yesterday")
        return day, day + timedelta(days=1)
    which, _space, rest = words.partition(" ")
    if rest.endswith(" days"):
        tomorrow = today + timedelta(days=1)
        return tomorrow - timedelta(days=int(rest.split()[0])), tomorrow
    begin = PERIOD_BEGINS[rest](today)
    if which == "last":
        return PERIOD_BEGINS[rest](begin - timedelta(days=1)), begin
    return begin, PERIOD_BEGINS[rest](begin + timedelta(days=PERIOD_DAYS[rest]))


PERIOD_BEGINS: Mapping[str, Callable[[date], date]] = {
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
PERIOD_DAYS = {"week": 7, "month": 31, "year": 366}
"""Days from the beginning of a period that reach into the next one, and never into the one after it."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition (`lead`) that an index serves. by_id: the index continues by id, so a walk can read it in steps."""

    lead: Q
    by_id: bool = True


@dataclass(frozen=True, slots=True)
class LogQuery:
    """A search of the log. "" and None match everything.

    word: as typed into the box. meanings: of the word; any of them matches. also: a second word, for "this deputy" and
    "that camera" at once: both must match. address: network address. since, until: from `since` to before `until`.
    """

    word: str = ""
    also: str = ""
    event: str = ""
    outcome: str = ""
    actor: str = ""
    actor_kind: str = ""
    actor_role: str = ""
    camera: str = ""
    incident: str = ""
    subject_kind: str = ""
    subject: str = ""
    sign_in: str = ""
    area: str = ""
    premises_type: str = ""
    offence_type: str = ""
    address: str = ""
    since: datetime | None = None
    until: datetime | None = None
    meanings: tuple[Meaning, ...] = field(default=(), compare=False)
    also_meanings: tuple[Meaning, ...] = field(default=(), compare=False)

    @property
    def is_everything(self) -> bool:
        return not any(getattr(self, each.name) for each in fields(self))

    @property
    def is_understood(self) -> bool:
        return (not self.word or bool(self.meanings)) and (not self.also or bool(self.also_meanings))

    @property
    def addresses(self) -> tuple[str, ...]:
        """The network addresses searched for: an entry matches if it has any of them. () matches all."""
        meant = tuple(address for meaning in self._understood for address in meaning.addresses)
        return (self.address,) if self.address else meant

    @property
    def begin(self) -> datetime | None:
        return max((each for each in (self.since, *(m.since for m in self._understood)) if each), default=None)

    @property
    def end(self) -> datetime | None:
        return min((each for each in (self.until, *(m.until for m in self._understood)) if each), default=None)

    @property
    def _understood(self) -> tuple[Meaning, ...]:
        return (*self.meanings, *self.also_meanings)

    def conditions(self) -> Q:
        """Return the conditions on each entry, except network address, time, and the first word's meanings."""
        plain = {QUERY_COLUMNS.get(name, name): getattr(self, name) for name in PLAIN_FIELDS}
        also = Q()
        for meaning in self.also_meanings:
            for branch in _branches_of(meaning):
                also |= branch.lead
        return Q(**{column: value for column, value in plain.items() if value}) & also

    def branches(self) -> list[Branch]:
        """Return the conditions that an index serves; an entry must meet one. [] if an index serves none of them."""
        meant = [branch for meaning in self.meanings for branch in _branches_of(meaning)]
        return meant or self._own_branch()

    def _own_branch(self) -> list[Branch]:
        if self.incident:
            return [Branch(Q(incident_id=self.incident))]
        if self.camera:
            return [Branch(Q(camera_id=self.camera), by_id=False)]
        if self.subject and self.subject_kind and self.subject_kind != "camera":
            return [Branch(Q(subject_kind=self.subject_kind, subject_id=self.subject))]
        return [Branch(by_actor(self.actor))] if self.actor else []

    def said(self) -> str:
        parts = [f"{FIELD_NAMES[name]}: {_written(getattr(self, name))}" for name in FIELD_NAMES if getattr(self, name)]
        return "; ".join(parts)


PLAIN_FIELDS = (
    "event", "outcome", "actor", "actor_kind", "actor_role", "camera", "incident", "subject_kind", "subject", "sign_in",
    "area", "premises_type", "offence_type",
)  # fmt: skip
QUERY_COLUMNS = {"actor": "actor_id", "camera": "camera_id", "incident": "incident_id", "subject": "subject_id"}

FIELD_NAMES: Mapping[str, str | Promise] = {
    "word": gettext_lazy("Search"),
    "also": gettext_lazy("And"),
    "event": gettext_lazy("What"),
    "outcome": gettext_lazy("Outcome"),
    "actor_kind": gettext_lazy("Kind of actor"),
    "actor_role": gettext_lazy("Role"),
    "actor": gettext_lazy("Id of the actor"),
    "subject_kind": gettext_lazy("Kind of object"),
    "subject": gettext_lazy("Id of the object"),
    "camera": gettext_lazy("Id of the camera"),
    "incident": gettext_lazy("Id of the incident"),
    "area": gettext_lazy("Area (ZIP code)"),
    "premises_type": gettext_lazy("Kind of place"),
    "offence_type": gettext_lazy("Crime or emergency"),
    "address": gettext_lazy("Network address"),
    "sign_in": gettext_lazy("Sign-in"),
    "since": gettext_lazy("From"),
    "until": gettext_lazy("Until"),
}


def meanings_of_text(text: str) -> tuple[Meaning, ...]:
    """Return the meanings of a typed text, () for none. If it has days and words, an entry must match both."""
    whole = _named(text)
    if whole:
        return whole
    span, rest = day_in_text(text)
    if span is None:
        return ()
    if not rest:
        return (span,)
    return tuple(
        replace(each, said=f"{each.said}, {span.said}", since=span.since, until=span.until) for each in _named(rest)
    )


def _written(value: str | datetime) -> str:
    return zoned(value, "Y-m-d H:i T") if isinstance(value, datetime) else value


def _branches_of(meaning: Meaning) -> Iterable[Branch]:
    for actor in meaning.actors:
        yield Branch(by_actor(actor))
    said = Q(facts__contains=dict(meaning.facts)) if meaning.facts else Q()
    for incident in meaning.incidents:
        yield Branch(Q(incident_id=incident) & said)
    for kind, subject in meaning.subjects:
        yield Branch(Q(subject_kind=kind, subject_id=subject))
    if meaning.cameras:
        yield Branch(Q(camera_id__in=meaning.cameras), by_id=False)


def _named(text: str) -> tuple[Meaning, ...]:
    found = [meaning for resolver in (_network, *resolvers) for meaning in resolver(text.strip())]
    return tuple(meaning for meaning in found if meaning.names_something)


def _network(text: str) -> Iterable[Meaning]:
    try:
        address = str(ipaddress.ip_address(text))
    except ValueError:
        return
    yield Meaning(address, addresses=(address,))
