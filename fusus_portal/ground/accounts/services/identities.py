from django.db import transaction
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import Identity, User
from fusus_portal.ground.accounts.services import locks
from fusus_portal.ground.lifecycle import Refused


def recognize(*, issuer: str, subject: str, email: str) -> User:
    """Return the agency account of a provider's subject, its row locked until the transaction ends.

    The first sign-in links by address, later ones match issuer and subject only: the next holder of the address at the
    provider does not get the account. email: "" unless the provider vouches for it. Never makes an account: that takes
    two administrators. Raises Refused, with one sentence for every reason.
    """
    with transaction.atomic():
        known = Identity.objects.select_related("account").filter(issuer=issuer, subject_id=subject).first()
        account = locks.hold(known.account.email if known else email)
        if account is None or account.is_locked or not account.is_active:
            raise Refused(refused())
        if known is None:
            _link(account, issuer=issuer, subject=subject)
    return account


def refused() -> str:
    """Return the one sentence for a refused sign-in; it reveals no account."""
    return _("That sign-in does not open an account here. Try again, or ask an administrator to invite you.")


def _link(account: User, *, issuer: str, subject: str) -> None:
    if Identity.objects.filter(account=account, issuer=issuer).exists():
        raise Refused(refused())
    Identity.objects.create(account=account, issuer=issuer, subject_id=subject)
    record(event=Event.IDENTITY_LINKED, actor=account.actor, subject=account.subject)
