from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fusus_portal.ground.agency.models import Document
from fusus_portal.ground.agency.selectors import announced, holding, versions

HEADING = "# "


@dataclass(frozen=True, slots=True)
class Block:
    text: str
    is_heading: bool


def blocks_of(text: str) -> list[Block]:
    """Return headings (lines that begin with "# ") and paragraphs (between empty lines), as plain text."""
    blocks: list[Block] = []
    paragraph: list[str] = []
    for line in [*map(str.strip, text.splitlines()), ""]:
        is_heading = line.startswith(HEADING)
        if line and not is_heading:
            paragraph.append(line)
            continue
        if paragraph:
            blocks.append(Block(" ".join(paragraph), is_heading=False))
            paragraph = []
        if is_heading:
            blocks.append(Block(line.removeprefix(HEADING).strip(), is_heading=True))
    return blocks


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a document. holds_from: None before it is announced. newest: the number in force."""

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
    newest = holding(kind)
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
