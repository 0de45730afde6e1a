"""The view gate: may one person see one camera live at one moment? The default is no.

`CONDITIONS` is a table of named conditions, asked in order; each has the sentence that people read if it fails, and one
that says what would change it. The owner's own conditions come from `sharing.policies`, with names and sentences.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.access.permissions import Permission, demand, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import FINDABLE, Point
from fusus_portal.ground.lifecycle import Refused, Stale
from integration.cores.states import CoreState
from integration.critical.models import Declaration
from integration.critical.policies import is_in_force, is_vouched_for
from integration.live.models import ViewGrant
from integration.live.states import GrantState
from integration.rules import TOLERANCE_M
from integration.sharing import policies as sharing
from integration.sharing.hours import rule_in_words
from integration.sharing.models import SharingAgreement, SharingPause, SharingRule


@dataclass(frozen=True, slots=True)
class Granted:
    """Limits of a running view. used, allowed: time of all viewers. is_here: same sign-in and network as at first."""

    state: str
    ends_at: datetime
    used: timedelta
    allowed: timedelta
    is_here: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the gate knows of a camera, its viewer and the incident at the moment.

    declaration: of the incident, in force; of a running view, the view's own. point, precision: of the camera's place.
    is_connected: the camera is behind a CORE and in the registry. is_camera_paused: its owner paused it in the
    registry. role, is_active, is_assigned: of the viewer. reason: None until the viewer is asked for it. granted: None
    before a view begins. is_safe: the live Valkey answers, and writes nothing to a disk. was_seen_otherwise: the
    declaration is broken glass, and another broken glass showed the camera in the last 24 hours.
    """

    now: datetime
    is_open: bool
    is_verified: bool
    declaration: Declaration | None
    point: Point
    precision: str
    is_connected: bool
    core_state: str
    rule: SharingRule | None
    agreement: SharingAgreement | None
    pause: SharingPause | None
    is_camera_paused: bool
    role: str
    is_active: bool
    is_assigned: bool
    reason: str | None
    is_safe: bool
    was_seen_otherwise: bool
    granted: Granted | None = None

    @property
    def is_glass(self) -> bool:
        return self.declaration is not None and self.declaration.is_glass


@dataclass(frozen=True, slots=True)
class GateCondition:
    """One condition of the gate. sentence: why nobody sees the camera if it fails. change: what would change that."""

    name: str
    holds: Callable[[Facts], bool] = field(compare=False)
    sentence: str | Promise
    change: str | Promise


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the gate. failed: the first condition that fails, None if the viewer may see the camera.

    rule: the owner's rule in words, if its hours fail and the facts were read for this decision.
    """

    failed: GateCondition | None
    rule: str = ""

    def __bool__(self) -> bool:
        return self.failed is None

    @property
    def name(self) -> str:
        return self.failed.name if self.failed else ""

    @property
    def sentence(self) -> str:
        return str(self.failed.sentence) if self.failed else ""

    @property
    def change(self) -> str:
        change = str(self.failed.change) if self.failed else ""
        return _("%(change)s The rule is: %(rule)s") % {"change": change, "rule": self.rule} if self.rule else change


def _nearby(facts: Facts) -> bool:
    declared = facts.declaration
    if declared is None:
        return False
    return declared.point.distance_m(facts.point) <= declared.radius_m + TOLERANCE_M


def _owner_allows(name: str) -> Callable[[Facts], bool]:
    def holds(facts: Facts) -> bool:
        is_paused, glass = facts.is_camera_paused, facts.is_glass
        owner = (facts.rule, facts.agreement, facts.pause)
        asked = sharing.Asked(*owner, now=facts.now, is_camera_paused=is_paused, glass=glass)
        failed = sharing.failed_condition(asked)
        return failed is None or failed.name != name

    return holds


def _in_time(facts: Facts) -> bool:
    granted = facts.granted
    return granted is None or (facts.now < granted.ends_at and granted.used < granted.allowed)


OWNERS_CHANGE: Final[dict[str, str | Promise]] = {
    "agreement": gettext_lazy("The owner signs the sharing agreement."),
    "pause": "",  # its sentence says so
    "mode": gettext_lazy("The owner chooses another rule for this camera."),
    "shared now": gettext_lazy("The owner shares it for a time."),
    "hours": gettext_lazy("Wait for an hour at which the owner shares it."),
    "glass agreement": gettext_lazy(
        "The owner signs a version that names broken glass, or a supervisor verifies the incident and declares it "
        "critical."
    ),
    "glass": gettext_lazy(
        "The owner allows it in the rule, or a supervisor verifies the incident and declares it critical."
    ),
}

CONDITIONS: Final = (
    GateCondition(
        "incident open",
        lambda facts: facts.is_open,
        gettext_lazy("The incident is closed."),
        gettext_lazy(
            "The person who closed it, or a supervisor, can take that back within ten minutes. "
            "Later, open another incident."
        ),
    ),
    GateCondition(
        "incident verified",
        lambda facts: is_vouched_for(facts.declaration, is_verified=facts.is_verified),
        gettext_lazy("Nobody has verified this incident yet."),
        gettext_lazy(
            "A supervisor who did not open it verifies it. Where none can be reached, two people break the glass."
        ),
    ),
    GateCondition(
        "declared critical",
        lambda facts: is_in_force(facts.declaration, facts.now),
        gettext_lazy("This incident is not declared critical, or not any more."),
        gettext_lazy("A supervisor who did not open it declares it critical."),
    ),
    GateCondition(
        "another glass",
        lambda facts: not facts.was_seen_otherwise,
        gettext_lazy("This camera was viewed in the last 24 hours under another broken glass."),
        gettext_lazy("A supervisor verifies the incident and declares it critical."),
    ),
    GateCondition(
        "place",
        lambda facts: facts.precision in FINDABLE,
        gettext_lazy("The exact place of this camera is not known."),
        gettext_lazy("The owner puts a pin on the place."),
    ),
    GateCondition(
        "radius",
        _nearby,
        gettext_lazy("This camera is not inside the circle that was declared."),
        gettext_lazy("A supervisor ends the declaration and makes another one that reaches it."),
    ),
    GateCondition(
        "connected",
        lambda facts: facts.is_connected,
        gettext_lazy("This camera is not connected any more."),
        gettext_lazy("The owner connects it."),
    ),
    GateCondition(
        "core",
        lambda facts: facts.core_state == CoreState.ACTIVE,
        gettext_lazy("The CORE of this camera is not active."),
        gettext_lazy("A clerk puts the CORE to work, or its owner activates it."),
    ),
    *(
        GateCondition(owners.name, _owner_allows(owners.name), owners.sentence, OWNERS_CHANGE[owners.name])
        for owners in sharing.OWNER_CONDITIONS
    ),
    GateCondition(
        "assigned",
        lambda facts: has(facts.role, Permission.VIEW_LIVE) and facts.is_active and facts.is_assigned,
        gettext_lazy("You do not work on this incident."),
        gettext_lazy("A supervisor assigns you."),
    ),
    GateCondition(
        "reason",
        lambda facts: facts.reason is None or bool(facts.reason.strip()),
        gettext_lazy("No reason was given."),
        gettext_lazy("Write why you need to see this camera now."),
    ),
    GateCondition(
        "running",
        lambda facts: facts.granted is None or facts.granted.state == GrantState.RUNNING,
        gettext_lazy("This view is over."),
        gettext_lazy("Begin another one, with its reason."),
    ),
    GateCondition(
        "time",
        _in_time,
        gettext_lazy("The time for this camera and incident is used up."),
        gettext_lazy("Say why you need more."),
    ),
    GateCondition(
        "viewer",
        lambda facts: facts.granted is None or facts.granted.is_here,
        gettext_lazy("This view was begun from another sign-in or another network address."),
        gettext_lazy("Begin a view of your own."),
    ),
    GateCondition(
        "live store",
        lambda facts: facts.is_safe,
        gettext_lazy("Live view is not available: its memory does not answer, or would keep what it must not."),
        gettext_lazy("The people who run the portal set it up."),
    ),
)

ROOM: Final = GateCondition(
    "room",
    lambda _facts: False,
    gettext_lazy("There was no more room for video. The newest view was ended, so that the others keep running."),
    gettext_lazy("Start again when another view has ended."),
)
"""Condition that failed for a view that ended because memory was full. It is not checked before a view begins."""

TAKEN: Final = GateCondition(
    "supervisor",
    lambda _facts: False,
    gettext_lazy("A supervisor ended this view."),
    gettext_lazy("Talk to a supervisor before you begin another one."),
)
"""Condition that failed for a view that a supervisor ended. It is not checked before a view begins."""

BY_NAME: Final = {condition.name: condition for condition in (*CONDITIONS, ROOM, TAKEN)}

UNKNOWN: Final = GateCondition(
    "unknown",
    lambda _facts: False,
    gettext_lazy("The portal can't look up right now whether this is allowed, so nothing is shown."),
    gettext_lazy("Try again in a minute."),
)
"""Condition that fails if the portal can't read the facts."""


NEEDS_NEW_REASON: Final = frozenset({"incident open", "time", TAKEN.name})
"""Conditions that end a view for good: another view of the camera needs a new reason."""


def keeps_reason(condition: str) -> bool:
    """True if a view that this condition ended can begin again with the same reason. condition: "" for none."""
    return condition not in NEEDS_NEW_REASON


def decide(facts: Facts) -> Decision:
    failed = next((condition for condition in CONDITIONS if not condition.holds(facts)), None)
    rule = facts.rule if failed is not None and failed.name == "hours" else None
    return Decision(failed, rule_in_words(rule) if rule else "")


def failed_decision(name: str) -> Decision:
    """Return the decision that refuses by a condition's name; an unknown name refuses as well."""
    return Decision(BY_NAME.get(name, UNKNOWN))


ALLOWED: Final = Decision(None)


def may_stop_view(by: User, view: ViewGrant) -> None:
    """Raise Refused unless the user is a supervisor and the view another's: ending one's own view needs no reason."""
    demand(by, Permission.OVERSEE_LIVE, subject=view.subject)
    if by.pk == view.deputy_id:
        raise Refused(_("This view is your own. End it on the page that shows it."), subject=view.subject)


def must_be_running(view: ViewGrant | None, *, of: ViewGrant) -> ViewGrant:
    """Return a running view. Raises Stale for one that has ended, or None. of: the view that was asked for."""
    if view is None or view.state != GrantState.RUNNING:
        raise Stale(_("This view is over."), subject=of.subject)
    return view
