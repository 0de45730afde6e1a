"""Acts on accounts: signing in and out, and what two administrators do."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils import timezone

from audit.log.actors import VISITOR
from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts, role_changes, sign_ins, suspensions
from fusus_portal.ground.accounts.states import RoleChangeKind
from fusus_portal.ground.accounts.tasks import DAILY_ROUND, SUSPENSION_ROUND
from tests.accounts.suspending import suspended
from tests.audit.acts import Act, calls
from tests.database.operator import as_operator
from tests.factories import person
from tests.lifecycle.drivers.accounts import REASON, accept, disabling, invitation_at
from tests.people import sign_in, unconfirmed_account


@calls(accounts.note, Event.PASSWORD_CHANGED)
def note() -> Act:
    """The sign-in library has changed a password."""
    account = person("deputy")
    return lambda: accounts.note(event=Event.PASSWORD_CHANGED, about=account, by=account.actor)


@calls(accounts.disable, Event.ACCOUNT_DISABLED)
def disable() -> Act:
    """An account is disabled while its holder is signed in."""
    account, by = person("deputy"), person("administrator").actor
    sign_in(account)
    return lambda: accounts.disable(account=account, by=by, why="administrators")


@calls(accounts.disable_unused, Event.ACCOUNT_DISABLED)
def disable_unused() -> Act:
    """Nobody used it for a quarter of a year."""
    person("clerk")
    later = timezone.now() + settings.UNUSED_LIMIT + timedelta(days=1)
    return lambda: accounts.disable_unused(now=later, by=DAILY_ROUND)


@calls(accounts.delete_unconfirmed, Event.ACCOUNT_DELETED)
def make_room() -> Act:
    """Somebody signs up at an address that another account never confirmed."""
    account = unconfirmed_account("ana@example.org")
    return lambda: accounts.delete_unconfirmed(email=account.email, by=VISITOR)


@calls(accounts.delete_old_unconfirmed, Event.ACCOUNT_DELETED)
def delete_old() -> Act:
    """Nobody confirmed the address in a day."""
    unconfirmed_account("ana@example.org")
    later = timezone.now() + settings.UNCONFIRMED_LIMIT + timedelta(hours=1)
    return lambda: accounts.delete_old_unconfirmed(now=later, by=DAILY_ROUND)


@calls(accounts.change_contact, Event.CONTACT_CHANGED)
def change_contact() -> Act:
    """A deputy gets another telephone."""
    account = person("deputy")
    return lambda: accounts.change_contact(
        account=account, name="Dee Puty", call_back_number="205-555-0177", by=account
    )


@calls(accounts.count_failure, Event.ACCOUNT_LOCKED)
def lock() -> Act:
    """The fifth failure in a row."""
    account = person("deputy")
    for _ in range(settings.FAILURES_BEFORE_LOCK - 1):
        accounts.count_failure(account=account, by=VISITOR)
    return lambda: accounts.count_failure(account=User.objects.get(pk=account.pk), by=VISITOR)


@calls(sign_ins.mail_code, Event.SIGN_IN_CODE_MAILED)
def mail_code() -> Act:
    """The right password comes from a browser that is not known, while somebody tries passwords."""
    account = person("resident")
    return lambda: sign_ins.mail_code(account=account, seed="6f1f0f0e-0000-4000-8000-000000000001", by=VISITOR)


@calls(role_changes.invite, Event.ROLE_CHANGE_PROPOSED)
def invite() -> Act:
    """An administrator proposes an invitation."""
    by = person("administrator")
    return lambda: role_changes.invite(email="new@agency.example", name="Noel", role="deputy", reason=REASON, by=by)


@calls(role_changes.propose, Event.ROLE_CHANGE_PROPOSED)
def propose() -> Act:
    """An administrator proposes another role."""
    account, by = person("deputy"), person("administrator")
    return lambda: role_changes.propose(
        kind=RoleChangeKind.CHANGE_ROLE, account=account, role="supervisor", reason=REASON, by=by
    )


@calls(role_changes.approve, Event.ROLE_CHANGE_APPROVED)
def approve() -> Act:
    """A second administrator approves, and the account is disabled."""
    change, by = disabling(), person("administrator")
    return lambda: role_changes.approve(change=change, by=by)


@calls(role_changes.cancel, Event.ROLE_CHANGE_CANCELLED)
def cancel() -> Act:
    """An administrator drops it."""
    change, by = disabling(), person("administrator")
    return lambda: role_changes.cancel(change=change, by=by)


@calls(role_changes.expire_due, Event.ROLE_CHANGE_EXPIRED)
def expire() -> Act:
    """The clock ends it."""
    later = disabling().expires_at + timedelta(seconds=1)
    return lambda: role_changes.expire_due(now=later, by=DAILY_ROUND)


@calls(role_changes.open_person, Event.PERSON_OPENED)
def open_person() -> Act:
    """An administrator opens somebody's page."""
    by, account = person("administrator"), person("deputy")
    return lambda: role_changes.open_person(account=account, by=by)


@calls(accounts.recognize, Event.IDENTITY_LINKED)
def recognize() -> Act:
    """Somebody comes in by the agency's identity provider for the first time."""
    email = person("deputy").email
    return lambda: accounts.recognize(issuer="https://id.example", subject="1", email=email)


@calls(role_changes.list_people, Event.PEOPLE_LISTED)
def list_people() -> Act:
    """An administrator opens the list."""
    by = person("administrator")
    return lambda: role_changes.list_people(by=by)


@calls(role_changes.accept_invitation, Event.ROLE_CHANGE_ACCEPTED)
def accept_invitation() -> Act:
    """The invited person opens the account."""
    change = invitation_at("approved")
    return lambda: accept(change)


@calls(role_changes.invite_first_administrator, Event.ROLE_CHANGE_APPROVED)
def first_administrator() -> Act:
    """The operator invites the first administrator."""
    return as_operator()(lambda: role_changes.invite_first_administrator(email="first@agency.example"))


@calls(role_changes.stand_in, Event.ROLE_CHANGE_APPROVED)
def stand_in() -> Act:
    """The operator approves where there is no second administrator."""
    change = disabling()
    return as_operator()(lambda: role_changes.stand_in(change=change))


@calls(role_changes.release_last_administrator, Event.ACCOUNT_RELEASED)
def release_last() -> Act:
    """The operator frees the only administrator, who is locked."""
    account = person("administrator")
    for _ in range(settings.FAILURES_BEFORE_LOCK):
        accounts.count_failure(account=account, by=VISITOR)
    return as_operator()(lambda: role_changes.release_last_administrator(email=account.email))


@calls(sign_ins.start, Event.SIGNED_IN)
def start() -> Act:
    """Somebody signs in after failing once."""
    account = person("deputy")
    accounts.count_failure(account=account, by=VISITOR)
    return lambda: sign_ins.start(notice_acknowledged=True, by=account)


@calls(sign_ins.leave, Event.SIGNED_OUT)
def leave() -> Act:
    """Somebody signs out."""
    account = person()
    return lambda: sign_ins.leave(by=account)


@calls(sign_ins.note_timed_out, Event.SESSION_TIMED_OUT)
def time_out() -> Act:
    """The clock signs somebody out."""
    account = person("deputy")
    return lambda: sign_ins.note_timed_out(why="idle", by=account)


@calls(sign_ins.acknowledge_notice, Event.NOTICE_ACKNOWLEDGED)
def acknowledge() -> Act:
    """Somebody acknowledges the notice."""
    account = person("deputy")
    return lambda: sign_ins.acknowledge_notice(by=account)


@calls(sign_ins.note_renewed, Event.REAUTHENTICATED)
def renew() -> Act:
    """Somebody proves again who they are."""
    account = person("deputy")
    return lambda: sign_ins.note_renewed(method="password", by=account)


@calls(sign_ins.end, Event.SESSION_ENDED)
def end() -> Act:
    """Somebody ends a sign-in on another device."""
    account = person()
    sign_in(account)
    open_now = UserSession.objects.filter(user=account)
    return lambda: sign_ins.end(sign_ins=list(open_now.all()), by=account)


@calls(suspensions.suspend, Event.ACCOUNT_SUSPENDED)
def suspend() -> Act:
    """A stolen account is suspended while somebody is signed in with it."""
    account, by = person("deputy"), person("administrator")
    sign_in(account)
    return lambda: suspensions.suspend(account=account, reason=REASON, by=by)


@calls(suspensions.suspend_at_server, Event.ACCOUNT_SUSPENDED)
def suspend_at_server() -> Act:
    """The operator suspends the only administrator."""
    email = person("administrator").email
    return as_operator()(lambda: suspensions.suspend_at_server(email=email, reason=REASON))


@calls(suspensions.confirm, Event.SUSPENSION_CONFIRMED)
def confirm_suspension() -> Act:
    """A second administrator confirms."""
    suspension, by = suspended(person("deputy")), person("administrator")
    return lambda: suspensions.confirm(suspension=suspension, by=by)


@calls(suspensions.confirm_at_server, Event.SUSPENSION_CONFIRMED)
def confirm_suspension_at_server() -> Act:
    """The operator confirms where there is no second administrator."""
    email = suspended(person("deputy")).account.email
    return as_operator()(lambda: suspensions.confirm_at_server(email=email))


@calls(suspensions.end_due, Event.SUSPENSION_ENDED)
def end_suspensions() -> Act:
    """Nobody confirmed within a day."""
    later = suspended(person("deputy")).expires_at
    return lambda: suspensions.end_due(now=later, by=SUSPENSION_ROUND)
