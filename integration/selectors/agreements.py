"""What a business has signed."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import NotYours
from integration.models import SharingAgreement
from registry.models import Registrant


def not_over() -> QuerySet[SharingAgreement]:
    """Return the agreements that nobody has taken back or renewed, and that have not been ended."""
    return SharingAgreement.objects.filter(revoked_at__isnull=True, replaced_at__isnull=True, ended_at__isnull=True)


def current(registrant: Registrant) -> SharingAgreement | None:
    """Return the agreement that is not over, if there is one. Its last day may have passed: ask the policy."""
    return not_over().filter(registrant=registrant).select_related("document").first()


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
