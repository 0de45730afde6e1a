"""Session data of a sign-in, with Unix times. An agency session without its times is not trusted."""

from collections.abc import Collection
from enum import StrEnum
from types import SimpleNamespace
from typing import Final, Protocol
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from fusus_portal.ground.access.source import digest_of
from fusus_portal.ground.accounts.models import User

SIGNED_IN_AT: Final = "signed_in_at"
USED_AT: Final = "used_at"
NOTICE_AT: Final = "notice_acknowledged_at"
FACTOR_SET_UP_FOR: Final = "factor_set_up_for"
TOUCH_AFTER_SECONDS: Final = 60
OUTSIDE: Final = "oidc"
BACKGROUND_HEADER: Final = "X-Background"


class Ended(StrEnum):
    IDLE = "idle"
    LIMIT = "limit"
    UNKNOWN = "unknown"
    FACTOR = "factor"


class _HasSession(Protocol):
    session: SessionBase


def begin(request: _HasSession) -> None:
    now = timezone.now().timestamp()
    request.session[SIGNED_IN_AT] = now
    request.session[USED_AT] = now


def ended(request: _HasSession) -> Ended | None:
    """Return the reason that an agency sign-in has ended (CJIS AC-11, IA-11), or None."""
    signed_in, used = request.session.get(SIGNED_IN_AT), request.session.get(USED_AT)
    if not isinstance(signed_in, (int, float)) or not isinstance(used, (int, float)):
        return Ended.UNKNOWN
    now = timezone.now().timestamp()
    if now - used > settings.IDLE_LIMIT.total_seconds():
        return Ended.IDLE
    if now - signed_in > settings.SIGN_IN_LIMIT.total_seconds():
        return Ended.LIMIT
    return None


def touch(request: HttpRequest) -> None:
    """Restart the idle clock, at most once a minute to save writes. Pages that refresh themselves don't count."""
    if request.headers.get(BACKGROUND_HEADER):
        return
    now = timezone.now().timestamp()
    if now - request.session.get(USED_AT, 0) > TOUCH_AFTER_SECONDS:
        request.session[USED_AT] = now


def extend(request: _HasSession) -> None:
    request.session[USED_AT] = timezone.now().timestamp()


def acknowledge_notice(request: _HasSession) -> None:
    """Note that the system-use notice was acknowledged in this session (CJIS AC-8)."""
    request.session[NOTICE_AT] = timezone.now().timestamp()


def notice_acknowledged(request: _HasSession) -> bool:
    return NOTICE_AT in request.session


def note_factor_set_up(request: _HasSession, user: User) -> None:
    request.session[FACTOR_SET_UP_FOR] = str(user.pk)


def second_factor_shown(request: HttpRequest, user: User) -> bool:
    """True if this session proved a second factor at sign-in or by setting it up."""
    if request.session.get(FACTOR_SET_UP_FOR) == str(user.pk):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def has_second_factor(user: User) -> bool:
    """True for a passkey or code app; recovery codes alone don't count."""
    factors = Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(factors.exists())


def note_outside_proof(request: HttpRequest, user: User, *, at: float, second_factor: bool) -> None:
    """Note a proof by the agency's identity provider. at: Unix time of the check there, 0 if not given."""
    record_authentication(request, user, OUTSIDE, proved_at=at)
    if second_factor:
        record_authentication(request, user, "mfa", type=OUTSIDE, proved_at=at)


def came_from_outside(request: HttpRequest, user: User) -> bool:
    """True if the person signed in at the agency's identity provider, without a password of ours."""
    records = get_authentication_records(request, user)
    return bool(records) and records[0].get("method") == OUTSIDE


def proved_recently(request: HttpRequest, user: User, method: str) -> bool:
    """True if `method` ("password" or "mfa") was given in the last five minutes (CJIS IA-11)."""
    # A password typed at the provider counts, from its time there.
    methods = {"password", OUTSIDE} if method == "password" else {method}
    times = [
        record.get("proved_at", record.get("at", 0))
        for record in get_authentication_records(request, user)
        if record.get("method") in methods
    ]
    oldest = timezone.now().timestamp() - settings.PRIVILEGED_LIMIT.total_seconds()
    return bool(times) and max(times) >= oldest


def lasting_sign_ins_of(accounts: Collection[UUID]) -> set[str]:
    """Return the opaque ids (`sign_in_of`) of accounts' sign-ins that have not ended. Needs no request. Two queries."""
    keys = list(UserSession.objects.filter(user__in=accounts).values_list("session_key", flat=True))
    found = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return {digest_of(each.session_key) for each in found if not ended(SimpleNamespace(session=each.get_decoded()))}
