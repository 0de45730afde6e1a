"""What the owner of a connected camera allows at a moment: the owner's part of the view gate. No by default.

It is a table of named conditions, asked in order; each has the sentence that people read where it fails. All other
conditions of a view (incident, declaration, radius, device, deputy, reason) stay, whatever is allowed here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integration.sharing.models import SharingAgreement, SharingMode, SharingPause, SharingRule
from integration.sharing.policies.weeks import is_within


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known at the moment. rule: None before the owner has set one, which is as good as "never".

    is_camera_paused: in the registry, where "Pause all my cameras" pauses each.
    glass: the incident is critical by broken glass.
    """

    rule: SharingRule | None
    agreement: SharingAgreement | None
    pause: SharingPause | None
    is_camera_paused: bool
    now: datetime
    glass: bool = False

    @property
    def mode(self) -> str:
        """What the rule says."""
        return self.rule.mode if self.rule else SharingMode.NEVER


@dataclass(frozen=True, slots=True)
class OwnerCondition:
    """One condition. sentence: why nobody can see the camera where it does not hold."""

    name: str
    holds: Callable[[Asked], bool]
    sentence: str | Promise


def in_force(agreement: SharingAgreement | None, now: datetime) -> bool:
    """Tell whether an agreement counts: signed, not over, and its last day has not passed on the agency's clock."""
    if agreement is None or agreement.over_at is not None:
        return False
    return agreement.signed_at <= now and timezone.localdate(now) <= agreement.ends_on


def _agreed(asked: Asked) -> bool:
    return in_force(asked.agreement, asked.now)


def _not_paused(asked: Asked) -> bool:
    return not asked.is_camera_paused and (asked.pause is None or asked.pause.ended_at is not None)


def _not_never(asked: Asked) -> bool:
    return asked.mode in {SharingMode.INCIDENT, SharingMode.ASK, SharingMode.SCHEDULE}


def _shared_now(asked: Asked) -> bool:
    if asked.mode != SharingMode.ASK:
        return True
    until = asked.rule.shared_until if asked.rule else None
    return until is not None and asked.now < until


def _in_hours(asked: Asked) -> bool:
    if asked.rule is None or asked.mode != SharingMode.SCHEDULE:
        return True
    # The clock on the wall decides, so a week stays what its owner set when daylight saving time begins or ends.
    local = timezone.localtime(asked.now)
    day, minute = local.date().isoformat(), local.hour * 60 + local.minute
    if day in asked.rule.closed_days:
        return False
    if day in asked.rule.open_days:
        return True
    return is_within(asked.rule.week, local.weekday(), minute)


def names_glass(agreement: SharingAgreement | None) -> bool:
    """Tell whether the words that were signed name broken glass; an older version does not."""
    return agreement is not None and agreement.document.names_glass


def _glass_agreed(asked: Asked) -> bool:
    return not asked.glass or names_glass(asked.agreement)


def _glass_chosen(asked: Asked) -> bool:
    return not asked.glass or (asked.rule is not None and asked.rule.allows_glass)


GLASS: Final = _("Broken glass, too: two officers, no supervisor reached, half an hour")
"""The line of a rule."""

GLASS_TERMS: Final = _(
    "Where no supervisor can be reached, two officers can declare an incident critical once, for half an hour, even if "
    "nobody else has checked the incident. Broken glass shows only cameras whose owner signed an agreement that names "
    "it, and chose it in the rule of the camera."
)
"""The case, as the rule's page, the mail about a new agreement and the officers' own pages say it."""

OLDER_WORDS: Final = _(
    "The sharing agreement was signed under words that do not name broken glass, so broken glass shows no camera of "
    "this business until a version that names it is signed."
)
"""The sentence for an agreement under older words, whoever reads it and on whatever page."""

NOT_CHOSEN: Final = _("Broken glass does not show this camera, because its rule does not allow it.")

CONDITIONS: Final = (
    OwnerCondition("agreement", _agreed, _("No sharing agreement is in force.")),
    OwnerCondition("pause", _not_paused, _("Sharing is paused. Begins when the owner resumes.")),
    OwnerCondition("mode", _not_never, _("The owner never shares this camera.")),
    OwnerCondition("shared now", _shared_now, _("The owner shares this camera only now and then, and not right now.")),
    OwnerCondition("hours", _in_hours, _("The owner does not share this camera at this hour.")),
    OwnerCondition("glass agreement", _glass_agreed, OLDER_WORDS),
    OwnerCondition("glass", _glass_chosen, NOT_CHOSEN),
)

NAMES: Final = frozenset(condition.name for condition in CONDITIONS)


def failed(
    rule: SharingRule | None,
    agreement: SharingAgreement | None,
    pause: SharingPause | None,
    now: datetime,
    *,
    is_camera_paused: bool = False,
    glass: bool = False,
) -> OwnerCondition | None:
    """Return the first condition that does not hold at a moment, None where the owner allows a view.

    pause: the one of the business that lasts, if any. is_camera_paused: its owner paused it in the registry.
    glass: the incident is critical by broken glass.
    """
    asked = Asked(rule, agreement, pause, is_camera_paused, now, glass)
    return next((condition for condition in CONDITIONS if not condition.holds(asked)), None)
