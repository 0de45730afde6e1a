from fusus_portal.ground.accounts.models import User
from registry.registrants.models import Registrant, RegistrationDraft


def draft_of(by: User) -> RegistrationDraft | None:
    return RegistrationDraft.objects.filter(user=by).first()


def registrant_of_user(by: User) -> Registrant | None:
    return Registrant.objects.filter(user=by).first()
