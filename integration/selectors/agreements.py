"""What a business has signed."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import NotYours
from integration.models import SharingAgreement
from integration.rules import AGREEMENT_KEPT
from registry.models import Registrant
from registry.outliving import Kept

SIGNED = "signed_agreements"
"""What a receipt of leaving calls them."""


def not_over() -> QuerySet[SharingAgreement]:
    """Return the agreements that nobody has taken back or renewed, and that have not been ended."""
    return SharingAgreement.objects.filter(revoked_at__isnull=True, replaced_at__isnull=True, ended_at__isnull=True)


def current(registrant: Registrant) -> SharingAgreement | None:
    """Return the agreement that is not over, if there is one. Its last day may have passed: ask the policy."""
    return not_over().filter(registrant=registrant).select_related("document").first()


def left_and_over(*, before: datetime) -> QuerySet[SharingAgreement]:
    """Return the agreements of businesses that have left the registry, and that were over before a moment."""
    over = Q(revoked_at__lt=before) | Q(replaced_at__lt=before) | Q(ended_at__lt=before)
    return SharingAgreement.objects.filter(over, registrant__isnull=True)


def kept_of(registrant: Registrant) -> Kept | None:
    """Return what a business has signed that stays when it leaves now, and until when."""
    now = timezone.now()
    ends = [agreement.over_at or now for agreement in all_of(registrant)]
    return Kept(SIGNED, len(ends), max(ends) + AGREEMENT_KEPT) if ends else None


def all_of(registrant: Registrant) -> QuerySet[SharingAgreement]:
    """Return everything that a business has signed, newest first."""
    return registrant.sharing_agreements.select_related("document").order_by("-signed_at", "pk")


def own(by: User, pk: UUID) -> SharingAgreement:
    """Return one of a business's own agreements. Raises NotYours."""
    found = SharingAgreement.objects.filter(pk=pk, registrant__user=by).select_related("document", "registrant").first()
    if found is None:
        raise NotYours(_("There is no such agreement."), subject=("sharing_agreement", str(pk)))
    return found


def with_registrant(pk: str) -> SharingAgreement:
    """Return an agreement with the business that signed it, for a message about it."""
    return SharingAgreement.objects.select_related("registrant").get(pk=pk)
