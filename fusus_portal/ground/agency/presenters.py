import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import hooks, seals
from fusus_portal.ground.agency.models import Document
from fusus_portal.ground.agency.selectors import announced, last_backup, number_in_force, versions
from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.geo import counties
from fusus_portal.ground.look_alikes import has_words
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.channels.email_channel import Rendered, preview
from fusus_portal.ground.notifications.kinds import Kind, MessageKind, kind_of
from fusus_portal.ground.notifications.models import By
from fusus_portal.ground.notifications.selectors import delivery_health

HEADING = "# "


def blocks_of(text: str) -> list[tuple[str, bool]]:
    """Return a document's paragraphs (between empty lines) as plain text, with True for lines that begin with "# "."""
    blocks: list[tuple[str, bool]] = []
    paragraph: list[str] = []
    for line in [*map(str.strip, text.splitlines()), ""]:
        is_heading = line.startswith(HEADING)
        if line and not is_heading:
            paragraph.append(line)
            continue
        if paragraph:
            blocks.append((" ".join(paragraph), False))
            paragraph = []
        if is_heading:
            blocks.append((line.removeprefix(HEADING).strip(), True))
    return blocks


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a document. holds_from: None before it is announced. newest: number of the version in force."""

    document: Document
    address: str
    holds_from: datetime | None
    newest: int

    @property
    def is_in_force(self) -> bool:
        return self.document.number == self.newest

    @property
    def title(self) -> str:
        if self.holds_from is None:
            return _("Version %(number)d, not announced yet") % {"number": self.document.number}
        said = {"number": self.document.number, "day": day_of(self.holds_from)}
        return _("Version %(number)s, in force from %(day)s") % said

    @property
    def announcement(self) -> str:
        if self.holds_from is None:
            return ""
        said = {"number": self.document.number, "day": day_of(self.holds_from)}
        return _("Version %(number)d is announced. It can be signed from %(day)s on.") % said

    @property
    def warning(self) -> str:
        if self.is_in_force:
            return ""
        if self.document.number > self.newest:
            return _("This version does not hold yet. Until then the one before is in force.")
        return _("This is an old version, kept so that people can read what they agreed to. A newer one is in force.")


def versions_of(kind: str) -> list[Version]:
    newest = number_in_force(kind)
    return [
        Version(one, reverse(f"{kind}_version", args=[one.number]), one.holds_from, newest)  # type: ignore[attr-defined]
        for one in versions(kind)
    ]


def coming(kind: str) -> Version | None:
    newer = (one for one in versions_of(kind) if one.document.number > one.newest and one.holds_from)
    return next(newer, None)


def published_as(document: Document) -> str:
    said = {"number": document.number, "day": day_of(announced(document.kind)[0].holds_from)}
    return _("Published as version %(number)d. It is in force from %(day)s.") % said


def day_of(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


BESIDE = {"id", "only", "revision", "kind", "language"}
NOTHING = "\N{EN DASH}"


Difference = tuple[str, str, str]
"""Label of a column, and its value before and after a change."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change in a row's history. who: badge pseudonym, or the portal. about: names the row if a page has several."""

    at: datetime
    who: str
    differences: list[Difference]
    about: str = ""


def changes_of(rows: Iterable[Any], *, model: type[Model]) -> list[Change]:
    """Return the changes of a one-row table. rows: its history, latest first."""
    changes = [
        Change(after.history_date, author_of(after), differences(before, after, model=model))
        for after, before in pairwise(rows)
    ]
    return [change for change in changes if change.differences]


def differences(before: Any, after: Any, *, model: type[Model]) -> list[Difference]:
    found = []
    for field in model._meta.concrete_fields:  # noqa: SLF001  (the documented part of Django)
        was, now = getattr(before, field.attname, None), getattr(after, field.attname)
        if field.name not in BESIDE and value_words(was) != value_words(now):
            label = str(field.verbose_name)
            found.append((label[:1].upper() + label[1:], value_words(was), value_words(now)))
    return found


def author_of(row: Any) -> str:
    return row.history_user.pseudonym if row.history_user else _("The portal")


def value_words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {address}" for name, address in value.items()) or NOTHING
    if isinstance(value, list):
        return ", ".join(value) or NOTHING
    if isinstance(value, str) and re.fullmatch(seals.DIGEST, value):
        return _("picture %(digest)s") % {"digest": value[:8]}
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        value = date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, Decimal):
        value = value.normalize()
    return str(value) if value not in (None, "") else NOTHING


UNKNOWN = "…"
PHONE = "205-555-0142"
A_FEW = 2


def sample_message(kind: MessageKind, language: str, added: Added | None = None) -> Rendered:
    """Return a kind of message as its reader would get it, with made-up facts. added: as for `preview`."""
    return preview(kind=kind, language=language, build=lambda: _variables(kind_of(kind)), added=added)


def _variables(kind: Kind) -> Mapping[str, object]:
    known = _known()
    if not kind.about_incident:
        known["cameras"] = A_FEW  # outside of requests a message tells only how many
    other = {name: absolute("/example/") for name in kind.variables if name.endswith(("link", "receipt"))}
    return {name: known.get(name, other.get(name, UNKNOWN)) for name in kind.variables}


def _at(*, days: int = 0, hours: int = 0, minutes: int = 0) -> datetime:
    """Return a moment so long from now: days by the wall's clock, hours and minutes by the world's."""
    return timezone.localtime(timezone.now() + timedelta(hours=hours, minutes=minutes)) + timedelta(days=days)


def _known() -> dict[str, object]:
    return {
        "incident_number": "2026-000123",
        "incident_type": _("(kind of incident)"),
        "purpose": _("(purpose of the request)"),
        "place": _("(streets of the incident)"),
        "starts_at": _at(hours=-3),
        "ends_at": _at(hours=-1),
        "asked_at": _at(days=-3),
        "expires_at": _at(days=10),
        "locked_at": _at(),
        "consent_on": _at(days=-365),
        "broken_at": _at(days=-8),
        "seen_at": _at(minutes=-20),
        "begun_at": _at(days=-1),
        "until": _at(days=90),
        "day": _at(days=30),
        "total": A_FEW,
        "given": "",
        "offered": [],
        "kept_until": _at(days=3 * 365),
        "cameras": [_("(the owner's cameras, by name)")],
        "deputy": _("(badge pseudonym)"),
        "call_back_number": PHONE,
        "link": absolute("/"),
        "files": [{"name": "door.mp4", "size": 1_500_000, "sha256": "0" * 64}],
        "deleted": [_("(what was deleted)")],
        "kept": [],
        "role": _("(role)"),
        "change": _("(what changed)"),
        "headline": _("(what happened)"),
        "news": _("(what happened, and what comes next)"),
        "has_footage": True,
        "is_last": False,
    }


Row = tuple[hooks.Section, str]
"""A row of the page "Administration", and the sentence on its state, or ""."""


def grouped_sections(typed: str) -> list[tuple[str, list[Row]]]:
    """Return each group's rows that contain every typed word, in title, text, state or further words."""
    found: dict[str, list[Row]] = {group.value: [] for group in hooks.Group}
    for section in hooks.all_sections():
        note = section.note()
        if has_words(f"{section.group.label} {section.title} {section.text} {section.words} {note}", typed):
            found[section.group.value].append((section, note))
    return [(str(hooks.Group(name).label), rows) for name, rows in found.items() if rows]


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning on the start page. url, act: of the page where its reader can act; "" for others, who tell somebody."""

    text: str
    url: str = ""
    act: str | Promise = ""


def warnings_for(user: User) -> list[Warned]:
    """Return a warning for each thing that the portal lacks, to people who can act or need to know."""
    acts = has(user.role, Permission.ADMINISTER)
    lacks = [(need, need.lack()) for need in hooks.needs if acts or has(user.role, need.permission)]
    return [_warned(need, text, acts=acts) for need, text in lacks if text]


def _warned(need: hooks.Need, text: str, *, acts: bool) -> Warned:
    if not acts:
        return Warned(" ".join([text, _("Tell an administrator.")]))
    if need.page:
        return Warned(text, reverse(need.page), need.act)
    return Warned(text, f"{reverse('portal_needs')}#{need.name}", _("See what to do"))


def needs_page() -> list[tuple[hooks.Need, str]]:
    """Return everything that the portal needs, each with the sentence that it is missing, or ""."""
    return [(need, need.lack()) for need in hooks.needs]


def boundary_lack() -> str:
    try:
        year = counties.boundary_year()
    except ImproperlyConfigured:
        return _("The office's boundary can't be read: nobody can register a place.")
    if year is None or counties.edition() is not None:
        return ""
    sentence = _("No boundary is loaded: the portal uses the outline of %(year)d that it came with.")
    return sentence % {"year": year}


def boundary_there() -> str:
    year = counties.boundary_year()
    if year is None:
        return _("The office's own boundary is in use.")
    return _("The county's boundary of %(year)d is in use.") % {"year": year}


def mail_lack() -> str:
    """Return a sentence without numbers: a rising count would reveal that somebody gets mail."""
    health = delivery_health([By.EMAIL])
    if health.is_failing:
        return _("No mail goes out: the mail server takes none. Owners do not hear of requests.")
    if health.is_late:
        return _("Mail is late: some of it has waited for more than 15 minutes. Owners may hear of requests too late.")
    return ""


BACKUP_LATE = timedelta(days=2)


def backup_lack() -> str:
    if settings.BACKUP_REPORT is None:
        return ""
    at = last_backup()
    if at is None:
        return _("No backup has been reported: what is lost here may be lost for good.")
    if timezone.now() - at > BACKUP_LATE:
        return _("The last reported backup is from %(day)s.") % {"day": day_of(at)}
    return ""


def backup_there() -> str:
    at = last_backup()
    return _("The last reported backup is from %(day)s.") % {"day": day_of(at)} if at else ""
