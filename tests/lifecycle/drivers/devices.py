"""Steps of COREs."""

from collections.abc import Callable

from integration.cores.models import Core
from integration.cores.services import cores, credentials
from integration.cores.states import CORE, CoreState as State
from registry.people.services import registrants
from registry.places.models import Premises
from tests.factories import person
from tests.integration.cores.devices import CERTIFICATE, FIRMWARE, allocated, business_at, core_at, owner_of, public_key
from tests.lifecycle.drivers import Driver, Taken, beginning, drives, take

CLERK = "clerk"
ActAs = Callable[[Core, str], object]


def by_clerk(source: State, act: ActAs) -> Driver:
    """Return a driver that takes a step as a clerk."""

    def driver(role: str) -> Taken:
        core = beginning(core_at, source)
        return take(core, lambda: act(core, role))

    return driver


def allocate(core: Core, role: str) -> object:
    """Set it aside for a business."""
    owner = business_at()
    return cores.allocate(core=core, by=person(role), registrant=owner, premises=Premises.objects.get(registrant=owner))


STEPS: dict[tuple[State, State], ActAs] = {
    (State.IN_STOCK, State.ALLOCATED): allocate,
    (State.ALLOCATED, State.IN_STOCK): lambda core, role: cores.take_back(core=core, by=person(role)),
    (State.ALLOCATED, State.SHIPPED): lambda core, role: cores.ship(core=core, by=person(role)),
    (State.ACTIVE, State.SUSPENDED): lambda core, role: cores.suspend(core=core, by=person(role)),
    (State.SUSPENDED, State.ACTIVE): lambda core, role: cores.resume(core=core, by=person(role)),
    (State.RETURNING, State.WIPED): lambda core, role: cores.wipe(core=core, by=person(role), certificate=CERTIFICATE),
    (State.WIPED, State.IN_STOCK): lambda core, role: cores.restock(core=core, by=person(role)),
    (State.WIPED, State.RETIRED): lambda core, role: cores.retire(core=core, by=person(role)),
    (State.IN_STOCK, State.RETIRED): lambda core, role: cores.retire(core=core, by=person(role)),
}

for (begin, end), act in STEPS.items():
    drives(CORE, begin, end, CLERK)(by_clerk(begin, act))


def returned(source: State) -> Driver:
    """Return a driver that begins the return, as the owner or as a clerk."""

    def driver(role: str) -> Taken:
        core = beginning(core_at, source)
        by = person(role) if role == CLERK else owner_of(core)
        return take(core, lambda: cores.begin_return(core=core, by=by))

    return driver


def activated(source: State) -> Driver:
    """Return a driver that activates the CORE by its code."""

    def driver(role: str) -> Taken:
        device = allocated()
        if source == State.SHIPPED:
            cores.ship(core=device.core, by=person(CLERK))
        key = public_key(device.key)
        return take(
            device.core,
            lambda: credentials.activate(serial=device.core.serial, code=device.code, key=key, firmware=FIRMWARE),
        )

    return driver


@drives(CORE, State.ALLOCATED, State.IN_STOCK, "business")
def left(role: str) -> Taken:
    """The business leaves the registry before it was sent."""
    core = beginning(core_at, State.ALLOCATED)
    owner = core.registrant
    assert owner is not None
    return take(core, lambda: registrants.leave(registrant=owner, by=owner.user))


@drives(CORE, State.RETURNING, State.SHIPPED, "business")
def kept(_role: str) -> Taken:
    """Its owner keeps it after all."""
    core = beginning(core_at, State.RETURNING)
    owner = core.registrant
    assert owner is not None
    place = Premises.objects.filter(registrant=owner).first()
    return take(core, lambda: cores.cancel_return(core=core, by=owner.user, premises=place))


for each in (State.SHIPPED, State.ACTIVE, State.SUSPENDED):
    drives(CORE, each, State.RETURNING, "business", CLERK)(returned(each))
for each in (State.ALLOCATED, State.SHIPPED):
    drives(CORE, each, State.ACTIVE, "device")(activated(each))
