"""Acts on the list of who looked."""

from audit.log.actors import Subject
from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from registry.access_log import services as access_log
from registry.access_log.selectors import Channel
from tests.audit.acts import Act, calls
from tests.factories import person, registrant_at
from tests.registry.access_log.delays import DELAY_REASON, case_of, delayed


@calls(access_log.copy_looks, Event.LOOKS_COPIED)
def take_copy() -> Act:
    """An owner takes the list along."""
    registrant = registrant_at()
    return lambda: access_log.copy_looks(registrant=registrant, by=registrant.user)


@calls(access_log.see_owner, Event.OWNER_SEEN)
def see_name() -> Act:
    """A clerk is about to read whose something is."""
    registrant, clerk = registrant_at(), person(Role.CLERK)
    thing = Subject("core", str(registrant.pk))
    return lambda: access_log.see_owner(owner=registrant.pk, by=clerk, subject=thing, number="FC4-00017")


@calls(access_log.delay_looks, Event.LOOKS_DELAYED)
def delay() -> Act:
    """A supervisor delays what an owner reads."""
    case = case_of()
    return lambda: delayed(case)


@calls(access_log.renew_delay, Event.LOOKS_DELAY_RENEWED)
def renew() -> Act:
    """The same once more."""
    case = case_of()
    placed = delayed(case, days=10)
    reason = f"{DELAY_REASON} He has not been found yet."
    return lambda: access_log.renew_delay(delay=placed, by=case.supervisor, days=30, reason=reason)


@calls(access_log.end_delay, Event.LOOKS_DELAY_ENDED)
def end() -> Act:
    """A supervisor lets the owner read everything before the time."""
    case = case_of()
    placed = delayed(case)
    return lambda: access_log.end_delay(delay=placed, by=case.supervisor)


@calls(access_log.change_notices, Event.NOTICES_CHANGED)
def change_notices() -> Act:
    """An owner wants a mail each time."""
    registrant = registrant_at()
    return lambda: access_log.change_notices(registrant=registrant, by=registrant.user, searches="each", footage="each")


@calls(access_log.stop_notices, Event.NOTICES_CHANGED)
def stop_notices() -> Act:
    """A mail program stops one kind of mail."""
    registrant = registrant_at()
    return lambda: access_log.stop_notices(registrant=registrant, channel=Channel.SEARCHES)
