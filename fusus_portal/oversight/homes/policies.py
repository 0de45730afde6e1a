from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.policies import may_change_people
from fusus_portal.ground.geo.geocoding import AddressNotFound, check_zip_code
from fusus_portal.ground.lifecycle import Refused


def may_keep(by: User, account: User) -> None:
    """Raise Refused unless an administrator reads or changes the home of somebody else."""
    may_change_people(by=by)
    if account.pk == by.pk:
        raise Refused(_("Nobody changes their own account; ask another administrator."), subject=account.subject)


def searches_and_views(account: User) -> bool:
    """True for a person who may search and view: only then can an act of theirs be near home."""
    return account.is_active and has(account.role, Permission.OPEN_INCIDENT)


def may_be_kept(account: User) -> None:
    if not searches_and_views(account):
        sentence = _("Only deputies and supervisors search and view cameras. Of nobody else is a home kept.")
        raise Refused(sentence, subject=account.subject)


def check_home(zip_code: str) -> str:
    """Return the first five digits of a ZIP code. Raises ValidationError on "zip_code" if it is not in use."""
    tidy = zip_code.strip()
    try:
        check_zip_code(tidy, state="")
    except AddressNotFound as unknown:
        raise ValidationError({"zip_code": str(unknown)}) from unknown
    return tidy[:5]
