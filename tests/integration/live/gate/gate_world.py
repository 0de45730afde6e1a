"""Facts about a camera, an incident and two people, known without asking the portal, and what the rules say of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Denied
from integration.critical.models import Declaration
from integration.live.models import ViewGrant
from integration.live.states import GrantState
from integration.live.video import decisions
from tests.factories import LINN_PARK, north_of, person
from tests.integration.critical.scenes import Scene, checked, checked_on_line, scene
from tests.integration.sharing.naive import may_see

METERS = 100.0
MINUTE = timedelta(minutes=1)


@dataclass
class World:
    """Facts that the rules speak of, as the test made them: nothing here is read from the portal."""

    open: bool = True
    verified: bool = True
    paused: bool = False
    camera_paused: bool = False
    mode: str = "incident"
    chosen: bool = True
    shared_until: datetime | None = None
    signed: bool = True
    core: str = "active"
    assigned: set[str] = field(default_factory=lambda: {"first", "second"})
    extensions: int = 0


@dataclass
class Seen:
    """A view that somebody began. refused: the rules have said no since. stopped: its viewer ended it."""

    view: ViewGrant
    who: str
    refused: bool = False
    stopped: bool = False


class GateWorld(RuleBasedStateMachine):
    """One camera, one incident, two people; what was made of them, and what the rules say of it."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.now = self.clock.start()
        self.seen: list[Seen] = []
        self.elsewhere: list[ViewGrant] = []

    @initialize()
    def there_is_a_scene(self) -> None:
        """Begin with a critical incident."""
        self.made: Scene = scene(point=north_of(LINN_PARK, METERS), glass=True)
        self.people: dict[str, User] = {"first": self.made.deputy, "second": self.made.colleague()}
        self.verifiers = [person(Role.SUPERVISOR) for _each in range(2)]
        self.world = World()
        self.declared = [self.of(self.made.declaration)]

    def teardown(self) -> None:
        """Give the clock back."""
        self.clock.stop()

    @staticmethod
    def of(declaration: Declaration | None) -> dict[str, Any]:
        """Return what is remembered of a declaration."""
        assert declaration is not None
        return {
            "pk": declaration.pk,
            "from": declaration.starts_at,
            "to": declaration.ends_at,
            "state": "in_force",
            "glass": declaration.kind == "break_glass",
        }

    def current(self) -> dict[str, Any] | None:
        """Return the declaration that was not ended."""
        return next((each for each in self.declared if each["state"] == "in_force"), None)

    def end_current(self) -> None:
        """Remember that it was ended."""
        for each in self.declared:
            each["state"] = "ended"

    def tried(self, act: Any) -> Any:
        """Do something; return None where it was refused."""
        try:
            return act() or True
        except (Denied, ValidationError):
            return None

    # --- what the rules say ---

    def moment(self) -> datetime:
        """Return what time it is."""
        return timezone.now()

    def allowed(self) -> timedelta:
        """Return for how long the camera may be seen."""
        return 30 * MINUTE * (1 + self.world.extensions)

    def used(self) -> timedelta:
        """Return for how long it was seen."""
        total = timedelta()
        for began, ends, ended in ViewGrant.objects.filter(pk__in=[each.view.pk for each in self.seen]).values_list(
            "began_at", "ends_at", "ended_at"
        ):
            total += (ended or min(ends, self.moment())) - began
        return total

    def seen_elsewhere(self) -> bool:
        """Return whether the camera was viewed in the last 24 hours for another incident whose glass was broken."""
        views = ViewGrant.objects.filter(pk__in=[each.pk for each in self.elsewhere])
        times = views.values_list("ends_at", "ended_at")
        return any((ended or ends) > self.moment() - timedelta(hours=24) for ends, ended in times)

    def allows(self) -> bool:
        """Tell whether the owner's rules allow a view."""
        world = self.world
        shares = world.mode == "incident" or (
            world.mode == "ask" and world.shared_until is not None and self.moment() < world.shared_until
        )
        return world.signed and not world.paused and shares

    def expected(self, seen: Seen, row: ViewGrant) -> bool:
        """Return what the naive statement says of a view."""
        world = self.world
        own = next(each for each in self.declared if each["pk"] == row.declaration_id)
        return may_see(
            incident={
                "open": world.open,
                "verified": world.verified,
                "glass": own["glass"],
                "chosen": world.chosen,
            },
            declared=(own["from"], own["to"], own["state"], 500.0),
            meters=METERS,
            pinned=True,
            camera={"connected": True, "registered": True, "paused": world.camera_paused},
            core=world.core,
            owner_allows=self.allows(),
            deputy={"role": "deputy", "active": True, "assigned": seen.who in world.assigned},
            reason=row.reason,
            grant={
                "state": "ended" if seen.stopped else "running",
                "ends": row.ends_at,
                "used": self.used(),
                "allowed": self.allowed(),
                "here": True,
            },
            now=self.moment(),
            safe=True,
            elsewhere=self.seen_elsewhere(),
        )

    @invariant()
    def the_gate_says_what_the_rules_say(self) -> None:
        """Nothing is shown that the rules forbid, from the very commit on; and nothing ends that they allow."""
        for seen in self.seen:
            row = ViewGrant.objects.get(pk=seen.view.pk)
            allowed = self.expected(seen, row)
            seen.refused = seen.refused or not allowed
            shown = bool(checked(seen.view))
            runs = row.state == GrantState.RUNNING
            assert shown == (allowed and runs), (seen, row.condition, self.world)
            decisions.forget([row.pk])
            assert bool(checked_on_line(seen.view)) == shown, (seen, row.condition, self.world)
            assert runs or seen.refused or seen.stopped, (seen, row.end, row.condition)
