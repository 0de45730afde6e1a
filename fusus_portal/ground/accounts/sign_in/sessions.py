"""What a session knows of its sign-in: since when, last used when, second factor, notice.

Times are seconds since 1970 (UTC). A session of an agency account that lacks them is not trusted.
"""

from enum import StrEnum
from typing import Final, Protocol

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from fusus_portal.ground.accounts.models import User

SIGNED_IN_AT: Final = "signed_in_at"
USED_AT: Final = "used_at"
NOTICE_AT: Final = "notice_acknowledged_at"
FACTOR_SET_UP_FOR: Final = "factor_set_up_for"
TOUCH_AFTER_SECONDS: Final = 60
OUTSIDE: Final = "oidc"
BACKGROUND_HEADER: Final = "X-Background"


class Ended(StrEnum):
    """Why a sign-in has ended."""

    IDLE = "idle"
    LIMIT = "limit"
    UNKNOWN = "unknown"
    FACTOR = "factor"


class _HasSession(Protocol):
    session: SessionBase


def begin(request: _HasSession) -> None:
    """Start both clocks of a sign-in."""
    now = timezone.now().timestamp()
    request.session[SIGNED_IN_AT] = now
    request.session[USED_AT] = now


def ended(request: _HasSession) -> Ended | None:
    """Return why an agency sign-in has ended (CJIS AC-11 and IA-11), or None while it lasts."""
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
    """Note that the person used the portal; pages that refresh themselves don't count.

    Written at most once a minute, so that reading pages costs no write each time.
    """
    if request.headers.get(BACKGROUND_HEADER):
        return
    now = timezone.now().timestamp()
    if now - request.session.get(USED_AT, 0) > TOUCH_AFTER_SECONDS:
        request.session[USED_AT] = now


def extend(request: _HasSession) -> None:
    """Start the idle clock again, now."""
    request.session[USED_AT] = timezone.now().timestamp()


def acknowledge_notice(request: _HasSession) -> None:
    """Note that the system-use notice was acknowledged in this session (CJIS AC-8)."""
    request.session[NOTICE_AT] = timezone.now().timestamp()


def notice_acknowledged(request: _HasSession) -> bool:
    """Return whether the notice was acknowledged in this session."""
    return NOTICE_AT in request.session


def note_factor_set_up(request: _HasSession, user: User) -> None:
    """Note that the person set up a second factor in this session, and so has just shown it."""
    request.session[FACTOR_SET_UP_FOR] = str(user.pk)


def second_factor_shown(request: HttpRequest, user: User) -> bool:
    """Return whether this session proved a second factor, when signing in or by setting it up."""
    if request.session.get(FACTOR_SET_UP_FOR) == str(user.pk):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def has_second_factor(user: User) -> bool:
    """Return whether the account has a passkey or code app. Recovery codes alone are none."""
    factors = Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(factors.exists())


def note_outside_proof(request: HttpRequest, user: User, *, at: float, second_factor: bool) -> None:
    """Note that the agency's identity provider named the person, who proved it there at `at` (seconds, 0 if not said).

    second_factor: whether the provider asked for one.
    """
    record_authentication(request, user, OUTSIDE, proved_at=at)
    if second_factor:
        record_authentication(request, user, "mfa", type=OUTSIDE, proved_at=at)


def came_from_outside(request: HttpRequest, user: User) -> bool:
    """Return whether the person signed in at the agency's identity provider, and so with no password of ours."""
    records = get_authentication_records(request, user)
    return bool(records) and records[0].get("method") == OUTSIDE


def proved_recently(request: HttpRequest, user: User, method: str) -> bool:
    """Return whether `method` ("password" or "mfa") was given in the last five minutes (CJIS IA-11).

    A password typed at the agency's identity provider is one; what counts is when it was typed there.
    """
    methods = {"password", OUTSIDE} if method == "password" else {method}
    times = [
        record.get("proved_at", record.get("at", 0))
        for record in get_authentication_records(request, user)
        if record.get("method") in methods
    ]
    oldest = timezone.now().timestamp() - settings.PRIVILEGED_LIMIT.total_seconds()
    return bool(times) and max(times) >= oldest
