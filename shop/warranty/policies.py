from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import Stale
from integration.cores import hooks
from integration.cores.models import Core
from integration.cores.selectors import serial_in
from integration.cores.states import CoreState
from registry.registrants.models import Registrant
from shop.catalogue.policies import check_description
from shop.rules import LONGEST_PROBLEM, PICTURES_OF_CLAIM
from shop.warranty.models import Claim


def must_be_covered(core: Core) -> None:
    """Raise Stale unless a CORE is active: the warranty lasts as long as the CORE is."""
    if not is_covered(core):
        raise Stale(_("The warranty is for a CORE that is active."), subject=core.subject)


def is_covered(core: Core) -> bool:
    """True if a CORE is active and its connection has not ended."""
    return core.state == CoreState.ACTIVE and not hooks.why_stopped(core)


def must_not_be_covered(claim: Claim) -> None:
    """Raise Stale if a claim's CORE is active and still its business's: every such claim is granted (promise I6)."""
    if claim.core.registrant_id == claim.registrant_id and is_covered(claim.core):
        raise Stale(_("This CORE is theirs and active, so the claim can't be declined."), subject=claim.subject)


def must_be_the_old_one(claim: Claim, serial: str) -> None:
    """Raise ValidationError on "serial" unless it is the serial number of the claim's old CORE."""
    if serial_in(serial) != claim.core.serial:
        sentence = _("This is not the CORE that is due, which is %(serial)s.")
        raise ValidationError({"serial": sentence % {"serial": claim.core}})


def must_be_late(claim: Claim, *, today: date) -> None:
    """Raise Stale until the day has passed by which a claim's old CORE must be back."""
    if claim.old_due_on is None or today <= claim.old_due_on:
        raise Stale(_("The old CORE is not late yet, so nothing is billed for it."), subject=claim.subject)


def check_billed(claim: Claim, cents: int) -> Registrant:
    """Return the registrant to bill for an old CORE. Raises Stale if nobody bought it here, or the owner has left."""
    if claim.registrant is None:
        raise Stale(_("The business has left, so there is nobody to bill."), subject=claim.subject)
    if cents <= 0:
        raise Stale(_("Nobody paid for this CORE here, so nothing is billed for it."), subject=claim.subject)
    return claim.registrant


def must_be_settled(claim: Claim, *, owed: int) -> None:
    """Raise Stale while the bill of a claim is unpaid: payment, or the old CORE, settles it. owed: unpaid cents."""
    if owed > 0:
        raise Stale(_("The bill for the old CORE is not paid yet."), subject=claim.subject)


def check_problem(text: str) -> str:
    """Return the description of a problem, line by line. Raises ValidationError on "problem"."""
    if not text.strip():
        raise ValidationError({"problem": _("Please say what is wrong.")})
    return check_description("problem", text, longest=LONGEST_PROBLEM)


def check_pictures(pictures: Collection[object]) -> None:
    """Raise ValidationError on "picture" for too many pictures."""
    if len(pictures) > PICTURES_OF_CLAIM:
        raise ValidationError({"picture": _("Send at most %(most)d pictures.") % {"most": PICTURES_OF_CLAIM}})
