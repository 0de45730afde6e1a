"""Registrations that are not finished, for whoever began them."""

from fusus_portal.accounts.models import User
from registry.models import RegistrationDraft


def of_user(by: User) -> RegistrationDraft | None:
    """Return the draft of an account, if it has begun one."""
    return RegistrationDraft.objects.filter(user=by).first()
