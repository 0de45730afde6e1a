from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from fusus_portal.ground.agency.presenters import blocks_of
from fusus_portal.ground.agency.selectors import words
from fusus_portal.ground.geo.points import FINDABLE
from fusus_portal.ground.pages.components import Action
from fusus_portal.ground.pages.times import localized_moment
from integration.cores.models import DeviceCamera
from integration.cores.policies import is_offline
from integration.cores.states import CoreState
from integration.sharing import selectors
from integration.sharing.hours import (
    DAYS,
    WHOLE,
    Row,
    Week,
    bars_of,
    clock,
    hours,
    in_words,
    joined,
    lines_of,
    rule_in_words,
    week_from_short,
    week_in_words,
    week_of,
)
from integration.sharing.models import TIMED, SharingAgreement, SharingMode, SharingPause, SharingRule
from integration.sharing.policies import (
    GLASS,
    NOT_CHOSEN,
    OLDER_WORDS,
    Asked,
    OwnerCondition,
    failed_condition,
    is_in_force,
    names_glass,
)
from registry.registrants.models import Registrant

Fact = tuple[str, str]
OWNERS_WORDS: dict[str, str | Promise] = {
    "agreement": gettext_lazy("No sharing agreement is in force."),
    "pause": gettext_lazy("Sharing is paused."),
    "mode": gettext_lazy("You never share this camera."),
    "shared now": gettext_lazy("You share this camera only now and then, and not right now."),
    "hours": gettext_lazy("You do not share this camera at this hour."),
    "glass agreement": OLDER_WORDS,
    "glass": NOT_CHOSEN,
}


@dataclass(frozen=True, slots=True)
class WeekPicture:
    """A week as a row of bars for each day. Bars are in minutes, the text beside them in `HOUR` and `DAY`."""

    HOUR: ClassVar = 7
    DAY: ClassVar = 10
    LEFT: ClassVar = 14
    week: Week

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        return [(day, begin, end - begin) for day, begin, end in bars_of(self.week)]

    @property
    def days(self) -> list[tuple[int, str]]:
        return [(day * self.DAY + self.DAY - 2, str(WEEKDAYS_ABBR[day])[:1].upper()) for day in range(DAYS)]

    @property
    def times(self) -> list[tuple[int, str]]:
        return [(self.LEFT + hour * self.HOUR, clock(hour * 60)) for hour in (6, 12, 18)]


USUAL: Final[Mapping[str, Sequence[Sequence[Row]]]] = {
    SharingMode.OUTSIDE: ([("01234", 480, 1080)], [("01234", 540, 1200), ("5", 540, 1200)], [("0123456", 600, 1320)]),
    SharingMode.SCHEDULE: ([("0123456", 1320, 360)], [("01234", 480, 1080)], [("56", 0, 0)]),
}
"""Hours that many places have: one press fills them in."""


def usual_weeks(mode: str) -> list[tuple[str, Week]]:
    weeks = [joined(week_of(rows)) for rows in USUAL[mode]]
    return [("; ".join(week_in_words(week)), week) for week in weeks]


def week_grid() -> dict[str, Any]:
    """Return the names of a grid of a week: its days, and for each hour of the day its own and those of its cells."""
    rows = [
        (clock(hour * 60), [f"{capfirst(str(name))}, {hours(hour * 60, hour * 60 + 60)}" for name in WEEKDAYS.values()])
        for hour in range(24)
    ]
    return {"days": [(WEEKDAYS_ABBR[day], WEEKDAYS[day]) for day in range(DAYS)], "rows": rows}


@dataclass(frozen=True, slots=True)
class CameraCard:
    camera: DeviceCamera
    rule: SharingRule | None
    failed: OwnerCondition | None
    now: datetime
    agreement: SharingAgreement | None = None

    @property
    def place(self) -> str:
        premises = self.camera.camera.premises
        return premises.name or str(premises.address)

    @property
    def mode(self) -> str:
        return str(SharingMode(self.rule.mode if self.rule else SharingMode.NEVER).label)

    @property
    def hours(self) -> list[str]:
        rule = self.rule
        return lines_of(rule.mode, rule.week, rule.closed_days, rule.open_days) if rule else []

    @property
    def rule_words(self) -> str:
        return rule_in_words(self.rule) if self.rule else self.mode

    @property
    def picture(self) -> WeekPicture | None:
        """Return the picture of the week; None for a rule that no hours decide."""
        if self.rule is None or self.rule.mode in {SharingMode.ASK, SharingMode.NEVER}:
            return None
        return WeekPicture(self.rule.week if self.rule.mode in TIMED else WHOLE)

    @property
    def why_not(self) -> str:
        """Return why no deputy could view the camera now, if an incident beside it were critical; "" if one could."""
        return self._why_closed or (_("Its CORE is offline.") if self.is_away else "")

    @property
    def is_away(self) -> bool:
        """True if a deputy could view the camera, were its CORE not offline."""
        return not self._why_closed and is_offline(self.camera.core, self.now)

    @property
    def _why_closed(self) -> str:
        if self.failed:
            is_this_one = self.failed.name == "pause" and self.camera.camera.paused_at
            return _("This camera is paused.") if is_this_one else str(OWNERS_WORDS[self.failed.name])
        if self.camera.core.state != CoreState.ACTIVE:
            return _("Its CORE does not work now.")
        if self.camera.camera.premises.precision not in FINDABLE:
            return _("The pin of its place is missing.")
        return ""

    @property
    def sentence(self) -> str:
        if self.is_away:
            return _(
                "Its CORE is offline, so nobody can view it now. When the CORE is back online, a deputy can view it "
                "only during a critical incident nearby."
            )
        if self.why_not:
            return _("Nobody can view it now. %(why)s") % {"why": self.why_not}
        if self.shared_until:
            words = _("Shared until %(time)s. A deputy can view it only during a critical incident nearby.")
            return words % {"time": localized_moment(self.shared_until)}
        return _("Shared. A deputy can view it only during a critical incident nearby.")

    @property
    def glass(self) -> str:
        """Return the sentence about broken glass; "" if the rule is "never" or no agreement in force names it."""
        is_named = is_in_force(self.agreement, self.now) and names_glass(self.agreement)
        if self.rule is None or self.rule.mode == SharingMode.NEVER or not is_named:
            return ""
        return str(GLASS if self.rule.allows_glass else NOT_CHOSEN)

    @property
    def older_words(self) -> str:
        return older_words(self.agreement, self.now)

    @property
    def conditions(self) -> str:
        return _(
            "Whatever you choose, all other conditions stay: an open incident that was declared critical, close to "
            "this camera; somebody other than the one who opened it has checked it, except through broken glass where "
            "you choose that above; and a deputy who works on it and has written down why. The rule works at once."
        )

    @property
    def can_be_shared(self) -> bool:
        return self.rule is not None and self.rule.mode == SharingMode.ASK

    @property
    def shared_until(self) -> datetime | None:
        until = self.rule.shared_until if self.rule else None
        return until if until is not None and until > self.now else None


@dataclass(frozen=True, slots=True)
class SharingPage:
    cards: Sequence[CameraCard]
    agreement: SharingAgreement | None
    pause: SharingPause | None
    now: datetime

    @property
    def has_agreement(self) -> bool:
        return is_in_force(self.agreement, self.now)

    @property
    def are_all_paused(self) -> bool:
        """True if each camera is paused in the registry, one by one or all at once."""
        return bool(self.cards) and all(card.camera.camera.paused_at for card in self.cards)

    @property
    def has_paused_camera(self) -> bool:
        return any(card.camera.camera.paused_at for card in self.cards)

    @property
    def older_words(self) -> str:
        return older_words(self.agreement, self.now)

    @property
    def words(self) -> str:
        """Return the one sentence about live view of this business's cameras, on every page that mentions it."""
        shared, total = sum(not card.why_not for card in self.cards), len(self.cards)
        away = sum(card.is_away for card in self.cards)
        if why_none := self._why_none(shared, away):
            return why_none
        words = ngettext(
            "Deputies can see %(shared)d camera live, only in a critical incident.",
            "Deputies can see %(shared)d cameras live, only in a critical incident.",
            shared,
        )
        if shared < total:
            words = _("Deputies can see %(shared)d of your %(total)d cameras live now, only in a critical incident.")
        if away:
            words = f"{words} {_('When your CORE is back online, they can see %(away)d more.')}"
        return words % {"shared": shared, "total": total, "away": away}

    @property
    def act(self) -> Action | None:
        """Button of the strip about sharing."""
        if self.pause is not None:
            return Action("resume", _("Resume"), reverse("sharing_resume"))
        if self.are_all_paused:
            return Action("resume", _("End all pauses"), reverse("cameras_resume"))
        if not self.cards:
            return None
        if not self.has_agreement:
            return Action("sign", _("Read and sign the agreement"), reverse("sharing_sign"), is_link=True)
        return Action("pause", _("Pause"), reverse("sharing_pause"))

    def _why_none(self, shared: int, away: int) -> str:
        if self.pause is not None:
            return _("Sharing is paused. Deputies can see no camera of yours live.")
        if self.are_all_paused:
            return _("Sharing is paused, because every connected camera is. Deputies can see none of them live.")
        if not self.cards:
            return _("Deputies can see no camera of yours live: none is connected through a CORE.")
        if not self.has_agreement:
            return _("Deputies can see no camera of yours live: no sharing agreement is in force.")
        if away and not shared:
            words = ngettext(
                "Deputies can see no camera of yours live now. When your CORE is back online, they can see %(away)d "
                "camera, only in a critical incident.",
                "Deputies can see no camera of yours live now. When your CORE is back online, they can see %(away)d "
                "cameras, only in a critical incident.",
                away,
            )
            return words % {"away": away}
        return "" if shared else _("Deputies can see no camera of yours live now.")


def older_words(agreement: SharingAgreement | None, now: datetime) -> str:
    """Return the sentence for an agreement in force that was signed before broken glass was in it, "" for any other."""
    return str(OLDER_WORDS) if is_in_force(agreement, now) and not names_glass(agreement) else ""


def sharing_page(registrant: Registrant) -> SharingPage:
    """Return what a business shares now, for its page and for `strip.html` on other pages."""
    now = timezone.now()
    agreement, pause = selectors.current_agreement(registrant), selectors.pause_of(registrant)
    cards = [card_of(camera, agreement, pause, now) for camera in selectors.cameras_of(registrant)]
    return SharingPage(cards, agreement, pause, now)


def card_of(
    camera: DeviceCamera, agreement: SharingAgreement | None, pause: SharingPause | None, now: datetime
) -> CameraCard:
    rule = getattr(camera, "rule", None)
    is_paused = camera.camera.paused_at is not None
    failed = failed_condition(Asked(rule, agreement, pause, now, is_camera_paused=is_paused))
    return CameraCard(camera, rule, failed, now, agreement)


def said_by(facts: dict[str, int | str]) -> str:
    """Return the facts of an entry about a sharing rule in words. facts: as `set_rule` and `share_now` record them."""
    if "until" in facts:
        return _("until %(time)s") % {"time": localized_moment(datetime.fromisoformat(str(facts["until"])))}
    if facts.get("mode") not in SharingMode.values:
        return ""
    week = week_from_short(str(facts.get("week", "")))
    closed, opened = (str(facts.get(name, "")).split() for name in ("closed", "open"))
    parts = [in_words(str(facts["mode"]), week, closed, opened)]
    if facts.get("clips"):
        parts.append(_("recorded clips are given automatically"))
    if facts.get("glass"):
        parts.append(str(GLASS))
    return "; ".join(parts)


def state_of(agreement: SharingAgreement) -> str:
    if agreement.revoked_at:
        return _("Taken back by the business on %(time)s.") % {"time": localized_moment(agreement.revoked_at)}
    if agreement.replaced_at:
        return _("Renewed on %(time)s by another signature.") % {"time": localized_moment(agreement.replaced_at)}
    if agreement.ended_at:
        return _("Ended automatically after %(day)s, because it was not renewed.") % {"day": last_day(agreement)}
    return _("In force until the end of %(day)s, unless it is taken back before.") % {"day": last_day(agreement)}


def last_day(agreement: SharingAgreement) -> str:
    return date_format(agreement.ends_on, "DATE_FORMAT")


def facts_of(agreement: SharingAgreement) -> list[Fact]:
    facts = [
        (_("Business"), agreement.party),
        (_("Signed by"), f"{agreement.signer}, {agreement.title}"),
        (_("Signed"), localized_moment(agreement.signed_at)),
        (_("Version of the agreement"), str(agreement.document.number)),
        (_("State"), state_of(agreement)),
        (_("Number of this signature"), str(agreement.pk)),
    ]
    if agreement.registrant is not None:
        facts.insert(1, (_("Registration number"), agreement.registrant.reference))
    return facts


def paper_of(agreement: SharingAgreement, *, of_its_end: bool) -> dict[str, Any]:
    return {
        "agency": words(),
        "facts": facts_of(agreement),
        "of_its_end": of_its_end,
        "ended": localized_moment(agreement.over_at) if agreement.over_at else "",
        "blocks": blocks_of(agreement.document.text(agreement.language)),
        "language": agreement.language,
    }
