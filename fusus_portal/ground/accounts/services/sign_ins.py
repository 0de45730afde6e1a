from allauth.usersessions.models import UserSession
from django.db import transaction

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import count_visitor, record
from audit.log.sightings import settle_of
from fusus_portal.ground.accounts.models import SignInFailure, User
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox


@transaction.atomic
def start(*, notice_acknowledged: bool, by: User) -> None:
    SignInFailure.objects.filter(account=by).delete()
    record(event=Event.SIGNED_IN, actor=by.actor, subject=by.subject)
    if notice_acknowledged:
        record(event=Event.NOTICE_ACKNOWLEDGED, actor=by.actor, subject=by.subject)


@transaction.atomic
def leave(*, by: User) -> None:
    _settle_sightings(by)
    record(event=Event.SIGNED_OUT, actor=by.actor, subject=by.subject)


@transaction.atomic
def note_timed_out(*, why: str, by: User) -> None:
    """Record that the portal ended a sign-in. why: a member of `sessions.Ended`."""
    _settle_sightings(by)
    record(event=Event.SESSION_TIMED_OUT, actor=by.actor, subject=by.subject, facts={"why": why})


@transaction.atomic
def note_failed() -> None:
    """Count a failed sign-in: one log entry for each IP address and minute, so that nobody can fill the log."""
    count_visitor(event=Event.SIGN_IN_FAILED)


@transaction.atomic
def mail_code(*, account: User, seed: str, by: Actor) -> None:
    record(event=Event.SIGN_IN_CODE_MAILED, actor=by, subject=account.subject)
    outbox.send(kind=MessageKind.SIGN_IN_CODE, to=account, about=account.subject, context={"seed": seed})


@transaction.atomic
def acknowledge_notice(*, by: User) -> None:
    """Record that a person acknowledged the system-use notice (CJIS AC-8)."""
    record(event=Event.NOTICE_ACKNOWLEDGED, actor=by.actor, subject=by.subject)


@transaction.atomic
def note_renewed(*, method: str, by: User) -> None:
    """Record that a signed-in person proved their identity again. method: "password", "mfa" or "oidc"."""
    record(event=Event.REAUTHENTICATED, actor=by.actor, subject=by.subject, facts={"method": method})


@transaction.atomic
def end(*, sign_ins: list[UserSession], by: User) -> int:
    own = [sign_in for sign_in in sign_ins if sign_in.user_id == by.pk]
    for sign_in in own:
        sign_in.end()
    _settle_sightings(by)
    record(event=Event.SESSION_ENDED, actor=by.actor, subject=by.subject, facts={"count": len(own)})
    return len(own)


def end_all_of(*, account: User, by: Actor, but: str = "") -> int:
    """End all sign-ins of an account inside the caller's act; return their number. but: a session key to keep."""
    sign_ins = list(UserSession.objects.filter(user=account).exclude(session_key=but))
    for sign_in in sign_ins:
        sign_in.end()
    _settle_sightings(account)
    if sign_ins:
        facts = {"count": len(sign_ins)}
        record(event=Event.SESSION_ENDED, actor=by, subject=account.subject, facts=facts)
    return len(sign_ins)


def _settle_sightings(account: User) -> None:
    """Write entries of views counted so far, after the commit: writing locks cameras. The hourly task does the rest."""
    actor = str(account.pk)
    transaction.on_commit(lambda: settle_of(actor), robust=True)
