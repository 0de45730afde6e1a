"""An auditor's search, by each fact that CJIS AU-3 requires of an entry, and by phrases that were typed (`phrases`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from audit.console.search.phrases import Branch, Phrase
from audit.hooks import Meaning
from audit.log.selectors import by_actor
from fusus_portal.ground.zones import zoned


@dataclass(frozen=True, slots=True)
class LogQuery:
    """A search of the log. "" and None match everything.

    word: as typed into the box. phrases: of the word; each must match. address: network address. since, until: from
    `since` to before `until`.
    """

    word: str = ""
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
    phrases: tuple[Phrase, ...] = field(default=(), compare=False)

    @property
    def is_everything(self) -> bool:
        return not any(getattr(self, each.name) for each in fields(self))

    @property
    def is_understood(self) -> bool:
        return not self.unknown and (not self.word or bool(self.phrases))

    @property
    def unknown(self) -> list[str]:
        return [phrase.text for phrase in self.phrases if not phrase.meanings]

    @property
    def addresses(self) -> tuple[str, ...]:
        """The network addresses searched for: an entry matches if it has any of them. () matches all."""
        meant = tuple(address for phrase in self.phrases for address in phrase.addresses)
        return (self.address,) if self.address else meant

    @property
    def begin(self) -> datetime | None:
        times = (self.since, *(meaning.since for meaning in self._meanings))
        return max(filter(None, times), default=None)

    @property
    def end(self) -> datetime | None:
        times = (self.until, *(meaning.until for meaning in self._meanings))
        return min(filter(None, times), default=None)

    @property
    def _meanings(self) -> tuple[Meaning, ...]:
        return tuple(meaning for phrase in self.phrases for meaning in phrase.meanings)

    @property
    def _leading(self) -> Phrase | None:
        """The phrase whose index a walk reads: the one with the fewest entries, as a rule."""
        return min((phrase for phrase in self.phrases if phrase.is_led), key=lambda phrase: phrase.cost, default=None)

    def conditions(self) -> Q:
        """Return the conditions on each entry, except network address, time, and the leading phrase."""
        plain = {QUERY_COLUMNS.get(name, name): getattr(self, name) for name in PLAIN_FIELDS}
        found, leading = Q(**{column: value for column, value in plain.items() if value}), self._leading
        for phrase in self.phrases:
            if phrase is not leading:
                found &= phrase.condition()
        return found

    def branches(self) -> list[Branch]:
        """Return the conditions that an index serves; an entry must meet one. [] if an index serves none of them."""
        leading = self._leading
        return leading.branches() if leading else self._own_branch()

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


def _written(value: str | datetime) -> str:
    return zoned(value, "Y-m-d H:i T") if isinstance(value, datetime) else value
