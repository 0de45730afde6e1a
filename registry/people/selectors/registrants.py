from django.db.models import QuerySet

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.models import Document
from fusus_portal.ground.agency.selectors import in_force
from registry.people.models import Agreement, Registrant, RegistrationDraft


def to_agree(registrant: Registrant) -> list[Document]:
    agreed = set(Agreement.objects.filter(registrant=registrant).values_list("document_id", flat=True))
    return [document for document in in_force() if document.pk not in agreed]


def agreements_of(registrant: Registrant) -> QuerySet[Agreement]:
    return Agreement.objects.filter(registrant=registrant).order_by("agreed_at", "document__kind")


def draft_of(by: User) -> RegistrationDraft | None:
    return RegistrationDraft.objects.filter(user=by).first()


def of_user(by: User) -> Registrant | None:
    return Registrant.objects.filter(user=by).first()
