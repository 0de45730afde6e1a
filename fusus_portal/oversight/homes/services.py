"""Acts on homes. No entry of the log has the ZIP code: readers of the log may not learn it."""

from django.db import transaction
from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.homes import policies
from fusus_portal.oversight.homes.models import HomeArea


@transaction.atomic
def note(*, account: User, by: User, zip_code: str) -> HomeArea:
    """Write down a person's home, in place of an earlier one. Raises Refused, ValidationError on "zip_code"."""
    held = _held(account, by)
    policies.may_be_kept(held)
    tidy = policies.check_home(zip_code)
    home = HomeArea.objects.filter(account=held).first() or HomeArea(account=held)
    if home.zip_code == tidy:
        return home
    home.zip_code, home.written_by, home.written_at = tidy, by, timezone.now()
    home.save()
    record(event=Event.HOME_NOTED, actor=by.actor, subject=held.subject)
    return home


@transaction.atomic
def remove(*, account: User, by: User) -> bool:
    """Remove a person's home; return True if there was one. Raises Refused."""
    return _deleted(_held(account, by), by.actor)


def forget(account: User, by: Actor) -> None:
    """Remove a person's home if they can no longer search or view, inside the act that changes their account."""
    if not policies.searches_and_views(account):
        _deleted(account, by)


@transaction.atomic
def show(*, account: User, by: User) -> HomeArea | None:
    """Record that an administrator looks at a person's home; return it, if any. Raises Refused."""
    policies.may_keep(by, account)
    record(event=Event.HOME_SHOWN, actor=by.actor, subject=account.subject)
    return HomeArea.objects.filter(account=account).first()


def _deleted(account: User, by: Actor) -> bool:
    deleted, _rows = HomeArea.objects.filter(account=account).delete()
    if deleted:
        record(event=Event.HOME_REMOVED, actor=by, subject=account.subject)
    return bool(deleted)


def _held(account: User, by: User) -> User:
    held = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    policies.may_keep(by, held)
    return held
