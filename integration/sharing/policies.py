"""Consent of a connected camera's owner at a moment: the owner's part of the view gate. The default is no.

`OWNER_CONDITIONS` is a table of named conditions, asked in order; each has the sentence that people read if it fails.
All other conditions of a view (incident, declaration, radius, device, deputy, reason) hold whatever an owner allows.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from integration.rules import LONGEST_SHARE
from integration.sharing.hours import is_within_week
from integration.sharing.models import LONGEST_NAME, TIMED, SharingAgreement, SharingMode, SharingPause, SharingRule

MOST_DAYS = 60
"""Days that a sharing rule may name as exceptions to its week."""


def check_days(closed: Collection[date], opened: Collection[date]) -> tuple[list[str], list[str]]:
    """Return the days not shared and the days shared all day, as sorted ISO dates. Raises ValidationError on "days"."""
    if both := set(closed) & set(opened):
        sentence = _("%(day)s is here twice. List each day once.") % {"day": min(both).isoformat()}
        raise ValidationError({"days": sentence})
    if len(set(closed) | set(opened)) > MOST_DAYS:
        raise ValidationError({"days": _("Name at most %(count)d days.") % {"count": MOST_DAYS}})
    return _sorted_days(closed), _sorted_days(opened)


def _sorted_days(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in sorted(set(days))]


@dataclass(frozen=True, slots=True)
class Asked:
    """Facts by which an owner's conditions are judged. rule: None until the owner sets one, which counts as "never".

    is_camera_paused: in the registry, alone or with all cameras. glass: broken glass makes the incident critical.
    """

    rule: SharingRule | None
    agreement: SharingAgreement | None
    pause: SharingPause | None
    now: datetime
    is_camera_paused: bool = False
    glass: bool = False

    @property
    def mode(self) -> str:
        return self.rule.mode if self.rule else SharingMode.NEVER


@dataclass(frozen=True, slots=True)
class OwnerCondition:
    """One condition of an owner's consent. sentence: what people read if it fails."""

    name: str
    holds: Callable[[Asked], bool]
    sentence: str | Promise


def is_in_force(agreement: SharingAgreement | None, now: datetime) -> bool:
    """True if an agreement counts: signed, not ended, and not past its last day on the agency's clock."""
    if agreement is None or agreement.over_at is not None:
        return False
    return agreement.signed_at <= now and timezone.localdate(now) <= agreement.ends_on


def _shared_now(asked: Asked) -> bool:
    if asked.mode != SharingMode.ASK:
        return True
    until = asked.rule.shared_until if asked.rule else None
    return until is not None and asked.now < until


def _in_hours(asked: Asked) -> bool:
    if asked.rule is None or asked.mode not in TIMED:
        return True
    # Local time decides, so a week keeps its hours when daylight saving time begins or ends.
    local = timezone.localtime(asked.now)
    day, minute = local.date().isoformat(), local.hour * 60 + local.minute
    if day in asked.rule.closed_days:
        return False
    if day in asked.rule.open_days:
        return True
    return is_within_week(asked.rule.week, local.weekday(), minute)


def names_glass(agreement: SharingAgreement | None) -> bool:
    """True if the signed version of the agreement names broken glass; older versions do not."""
    return agreement is not None and agreement.document.names_glass


GLASS: Final = gettext_lazy("Broken glass, too: two officers, no supervisor reached, half an hour")

GLASS_TERMS: Final = gettext_lazy(
    "Where no supervisor can be reached, two officers can declare an incident critical once, for half an hour, even if "
    "nobody else has checked the incident. Broken glass shows only cameras whose owner signed an agreement that names "
    "it, and chose it in the rule of the camera."
)
"""Broken glass explained, on the rule's page, in the mail about a new agreement and on the officers' own pages."""

OLDER_WORDS: Final = gettext_lazy(
    "The sharing agreement was signed under words that do not name broken glass, so broken glass shows no camera of "
    "this business until a version that names it is signed."
)
"""Sentence about an agreement that was signed before broken glass was in it, for every reader and page."""

NOT_CHOSEN: Final = gettext_lazy("Broken glass does not show this camera, because its rule does not allow it.")

OWNER_CONDITIONS: Final = (
    OwnerCondition(
        "agreement",
        lambda asked: is_in_force(asked.agreement, asked.now),
        gettext_lazy("No sharing agreement is in force."),
    ),
    OwnerCondition(
        "mode",
        lambda asked: asked.mode in {SharingMode.INCIDENT, SharingMode.ASK, *TIMED},
        gettext_lazy("The owner never shares this camera."),
    ),
    OwnerCondition(
        "pause",
        lambda asked: not asked.is_camera_paused and (asked.pause is None or asked.pause.ended_at is not None),
        gettext_lazy("Sharing is paused until the owner resumes."),
    ),
    OwnerCondition(
        "shared now", _shared_now, gettext_lazy("The owner shares this camera only now and then, and not right now.")
    ),
    OwnerCondition("hours", _in_hours, gettext_lazy("The owner does not share this camera at this hour.")),
    OwnerCondition("glass agreement", lambda asked: not asked.glass or names_glass(asked.agreement), OLDER_WORDS),
    OwnerCondition(
        "glass",
        lambda asked: not asked.glass or (asked.rule is not None and asked.rule.allows_glass),
        NOT_CHOSEN,
    ),
)

CONDITION_NAMES: Final = frozenset(condition.name for condition in OWNER_CONDITIONS)


def failed_condition(asked: Asked) -> OwnerCondition | None:
    """Return the first of the owner's conditions that fails, or None if the owner allows a view."""
    return next((condition for condition in OWNER_CONDITIONS if not condition.holds(asked)), None)


def check_signature(*, signer: str, title: str) -> tuple[str, str]:
    """Return the signer's name and position with tidy spaces. Raises ValidationError by field."""
    tidy = {"signer": " ".join(signer.split()), "title": " ".join(title.split())}
    missing = {
        "signer": _("Write your full name."),
        "title": _("Write what you are in the business, for example owner or manager."),
    }
    wrong = {name: missing[name] for name, text in tidy.items() if not text}
    wrong |= {name: _("This is too long.") for name, text in tidy.items() if len(text) > LONGEST_NAME}
    if wrong:
        raise ValidationError(wrong)
    return tidy["signer"], tidy["title"]


def check_hours(hours: int) -> int:
    """Return the hours for which an owner shares a camera with "share now". Raises ValidationError on "hours"."""
    most = LONGEST_SHARE // timedelta(hours=1)
    if not 1 <= hours <= most:
        raise ValidationError({"hours": _("Share for 1 to %(count)d hours at a time.") % {"count": most}})
    return hours


def check_glass(agreement: SharingAgreement | None) -> None:
    """Raise ValidationError on "allows_glass" unless the signed agreement explains broken glass to the owner."""
    if agreement is None:
        raise ValidationError({"allows_glass": _("Sign the sharing agreement first. It says what broken glass is.")})
    if not names_glass(agreement):
        raise ValidationError({"allows_glass": str(OLDER_WORDS)})
