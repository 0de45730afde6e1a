"""Warranty claims, made by walking the real services: `claim_at("approved")`."""

from datetime import timedelta

import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from integration.cores.models import Core
from integration.cores.services import cores
from integration.cores.services.credentials import IssuedCode
from shop.rules import OLD_UNIT_WITHIN
from shop.warranty import services
from shop.warranty.models import Claim
from shop.warranty.states import ClaimState
from tests.factories import person
from tests.integration.cores.devices import Device, core_at, device_camera_at, in_stock, owner_of
from tests.shop.orders.orders import gateway
from tests.shop.returns.returned import bought

CLERK = "clerk"


def opened(core: Core | None = None) -> Claim:
    """Return a claim about a CORE with a camera behind it."""
    of = core or device_camera_at().core
    return services.open_claim(core=of, by=owner_of(of), problem="It does not start", pictures=[])


def approved(claim: Claim | None = None) -> Claim:
    """Return one for which another CORE is promised."""
    return services.approve_claim(claim=claim or opened(), by=person(CLERK))


def replaced(claim: Claim | None = None) -> tuple[Claim, IssuedCode]:
    """Return one whose other CORE is on its way, and that CORE with its code."""
    of = claim or approved()
    issued = services.replace_core(claim=of, by=person(CLERK), new=in_stock(model=of.core.model))
    of.refresh_from_db()
    return of, issued


def works(issued: IssuedCode) -> Core:
    """Let a CORE be activated; return it."""
    return Device(issued.core, issued.code, Ed25519PrivateKey.generate()).activate().core


def late(core: Core | None = None, *, given: bool = False) -> Claim:
    """Return one whose old CORE had to be there by yesterday. given: nobody had bought it."""
    claim, issued = replaced(approved(opened(core or (None if given else bought()))))
    day = timezone.now() - OLD_UNIT_WITHIN - timedelta(days=1, hours=1)
    with time_machine.travel(day, tick=False):
        works(issued)
    claim.refresh_from_db()
    return claim


def charged(claim: Claim | None = None) -> Claim:
    """Return one whose old CORE is billed."""
    return services.bill_old_core(claim=claim or late(), by=person(CLERK))


def declinable() -> Claim:
    """Return one about a CORE that has begun its return since."""
    claim = opened(core_at("active"))
    cores.begin_return(core=claim.core, by=owner_of(claim.core))
    claim.refresh_from_db()
    return claim


def owner_in(claim: Claim) -> User:
    """Return the account that claims."""
    assert claim.registrant is not None
    return claim.registrant.user


def claim_at(state: str) -> Claim:
    """Return a claim at a state."""
    if state == ClaimState.OPENED:
        return opened()
    if state == ClaimState.APPROVED:
        return approved()
    gateway()
    claim, issued = replaced()
    if state == ClaimState.OLD_UNIT_DUE:
        works(issued)
        claim.refresh_from_db()
    elif state == ClaimState.CHARGED:
        return charged(late())
    assert claim.state == state
    return claim
