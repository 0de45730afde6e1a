"""What a registrant has agreed to, and what is new since."""

from django.db.models import QuerySet

from fusus_portal.agency.models import Document
from fusus_portal.agency.selectors import in_force
from registry.models import Agreement, Registrant


def to_agree(registrant: Registrant) -> list[Document]:
    """Return the versions in force that the person has not agreed to yet."""
    agreed = set(Agreement.objects.filter(registrant=registrant).values_list("document_id", flat=True))
    return [document for document in in_force() if document.pk not in agreed]


def agreements_of(registrant: Registrant) -> QuerySet[Agreement]:
    """Return what the person has agreed to, in order."""
    return Agreement.objects.filter(registrant=registrant).order_by("agreed_at", "document__kind")
