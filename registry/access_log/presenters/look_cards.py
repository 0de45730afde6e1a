from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.access_log.presenters.looks import Look, openings


@dataclass(frozen=True, slots=True)
class LookCard:
    """Looks for one incident, or for none, on one day of the agency's clock. looks: newest first."""

    incident: str
    offence: str
    day: date
    looks: Sequence[Look]

    @property
    def heading(self) -> str:
        about = f"{self.offence}, {self.incident}" if self.incident else _("without an incident")
        return f"{date_format(self.day, 'DATE_FORMAT')}: {about}"

    @property
    def done(self) -> list[str]:
        counted = Counter((look.who, look.sentence) for look in self.looks if look.is_open)
        closed = Counter(look.opens for look in self.looks if not look.is_open)
        return [
            *(_often(who, sentence, number) for (who, sentence), number in counted.items()),
            *(openings(number, opens) for opens, number in closed.items()),
        ]

    @property
    def cameras(self) -> str:
        return ", ".join(dict.fromkeys(look.camera for look in self.looks))


def cards_of(looks: Sequence[Look]) -> list[LookCard]:
    parts: dict[tuple[str, date], list[Look]] = {}
    for look in looks:
        parts.setdefault((look.incident, localdate(look.at)), []).append(look)
    return [LookCard(incident, part[0].offence, day, part) for (incident, day), part in parts.items()]


def _often(who: str, sentence: str, number: int) -> str:
    words = {"who": who, "what": sentence, "number": number}
    return ngettext("%(who)s: %(what)s", "%(who)s: %(what)s, %(number)d times", number) % words
