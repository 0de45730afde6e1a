"""Warranty claims, as owners and clerks see them."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import NotYours
from integration.models import Core
from shop.claim_states import CLAIMS_OVER
from shop.models import Claim, ClaimPicture


def live_of(core: Core) -> Claim | None:
    """Return the claim about a CORE that is not over, None for none."""
    return Claim.objects.filter(core=core).exclude(state__in=CLAIMS_OVER).first()


def own(user: User) -> QuerySet[Claim]:
    """Return a business's claims, the newest first."""
    return _whole().filter(registrant__user=user).order_by("-opened_at")


def own_one(user: User, pk: UUID) -> Claim:
    """Return one of them. Raises NotYours for anybody else's."""
    return _found(own(user), pk)


def one(pk: UUID) -> Claim:
    """Return one, for clerks. Raises NotYours for none."""
    return _found(_whole(), pk)


def board(*, is_over: bool) -> QuerySet[Claim]:
    """Return claims for clerks, the oldest first. is_over: those that are over, else the others."""
    rows = _whole().order_by("opened_at", "pk")
    return rows.filter(state__in=CLAIMS_OVER) if is_over else rows.exclude(state__in=CLAIMS_OVER)


def picture(claim: Claim, pk: UUID) -> ClaimPicture:
    """Return a picture of a claim. Raises NotYours for none."""
    found = claim.pictures.filter(pk=pk).first()
    if found is None:
        raise NotYours(_("There is no such picture."), subject=claim.subject)
    return found


def _found(rows: QuerySet[Claim], pk: UUID) -> Claim:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotYours(_("There is no such claim."), subject=("claim", str(pk)))
    return found


def _whole() -> QuerySet[Claim]:
    return Claim.objects.select_related(
        "core__registrant", "registrant__user", "replacement", "charge"
    ).prefetch_related("pictures")
