"""Tries to sign in: browsers known from earlier ones, counts of wrong passwords, and codes mailed beyond a limit."""

import math
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from secrets import token_hex
from typing import Any, Final
from uuid import UUID, uuid4

from allauth.account.stages import LoginByCodeStage
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from audit.log.actors import VISITOR
from fusus_portal.ground.access.limits import TooManyRequests, give_back, spend, try_to_spend
from fusus_portal.ground.access.source import network_of, sign_in_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import sign_ins

COOKIE: Final = "known_browser"
SALT: Final = "accounts.known_browser"
LIFE: Final = timedelta(days=180)
"""Life of a known browser's cookie, from the last sign-in of any account in it."""
MOST: Final = 5
"""Accounts that one browser is known for: a household may share it. A sixth replaces the least recently used."""

View = Callable[..., HttpResponseBase]


def mark_of(request: HttpRequest, account: User | None) -> str:
    """Return the account's mark in this browser, or "" if it never signed in here with its current password."""
    if account is None:
        return ""
    number, marks = _kept(request)
    own = _mark(number, account)
    return own if any(constant_time_compare(own, mark) for mark in marks) else ""


def has_any(request: HttpRequest) -> bool:
    """True if the browser has the cookie of a known browser; a public computer has none."""
    return COOKIE in request.COOKIES


def note(request: HttpRequest, account: User, *, is_known: bool) -> None:
    request.known_account = (account, is_known)  # type: ignore[attr-defined]


def answered(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        noted = getattr(request, "known_account", None)
        if noted is not None:
            _keep(request, response, *noted)
        return response

    return guarded


def _keep(request: HttpRequest, response: HttpResponseBase, account: User, is_known: bool) -> None:
    number, known = _kept(request)
    own = _mark(number, account)
    others = [mark for mark in known if mark != own]
    marks = [own, *others][:MOST] if is_known else others
    if not marks:
        if has_any(request):
            response.delete_cookie(COOKIE, path=reverse("account"), samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        signing.dumps([number, marks], salt=SALT),
        max_age=LIFE,
        path=reverse("account"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _kept(request: HttpRequest) -> tuple[str, list[str]]:
    """Return a known browser's random number, and the marks of its accounts, last used first. Neither names people."""
    try:
        number, marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return token_hex(16), []
    return number, marks


def _mark(number: str, account: User) -> str:
    # A keyed digest of the browser's random number, account and password.
    content = f"{number} {account.pk} {account.get_session_auth_hash()}"
    return salted_hmac(SALT, content, algorithm="sha256").hexdigest()[:32]


SIGN_INS: Final = "30/m"
"""Sign-ins tried from a network or a known browser, correct ones too: each costs a password hash."""
FAILURES_OF_NETWORK: Final = "20/m"
"""Wrong passwords from one network, for all accounts together."""
FAILURES: Final = "10/5m"
"""Wrong passwords for one account, from one network or in one known browser."""
FAILURES_OF_A_DAY: Final = "100/d"
"""Wrong passwords for one account from anywhere; beyond them an unknown browser also needs a mailed code."""
RESETS: Final = "20/m"
RESET_MAILS: Final = "1/5m"
CODE_MAILS: Final = "6/h"
"""Codes mailed to one account; only somebody with the password causes one."""


class TooManyFailures(TooManyRequests):
    """Too many wrong passwords."""


Count = tuple[str, str, str]
"""Name, rate and key of a count, as `spend` takes them."""


class Try:
    """A try to sign in, counted before its password is checked. known: mark of a browser or id of a sign-in, or ""."""

    def __init__(self, request: HttpRequest, email: str) -> None:
        account, self.known = digest_of(email), _known(request, email)
        place = self.known or network_of(request)
        self.attempt: Count = ("sign_in", SIGN_INS, place)
        self.failures: list[Count] = [("sign_in_failed", FAILURES, f"{account}:{place}")]
        if not self.known:
            self.failures.insert(0, ("sign_in_failed_here", FAILURES_OF_NETWORK, place))
        self.of_a_day = of_a_day(f"{account}:{self.known}" if self.known else account)

    def count(self) -> bool:
        """Count the try; return True past a day's failures. Raises TooManyFailures, TooManyRequests, CannotCount."""
        spend(*self.attempt)
        if not all(try_to_spend(*each) for each in self.failures):
            raise TooManyFailures
        return not try_to_spend(*self.of_a_day)

    def take_back(self) -> None:
        """Uncount the failure: the password was correct. Raises CannotCount."""
        for name, _rate, key in (*self.failures, self.of_a_day):
            give_back(name, key)


def of_a_day(key: str) -> Count:
    """Return the count of a day's wrong passwords. key: digest of an address, or of an address and a browser."""
    return "sign_in_failed_today", FAILURES_OF_A_DAY, key


def digest_of(email: str) -> str:
    """Return the digest of an e-mail address; tries for addresses without an account are counted too."""
    return salted_hmac("accounts.tries", email.strip().lower(), algorithm="sha256").hexdigest()[:32]


def spend_reset_mail(request: HttpRequest, email: str) -> bool:
    """Count a reset mail; True if it may go out (one in five minutes). Raises CannotCount, TooManyRequests."""
    spend("reset", RESETS, _known(request, email) or network_of(request))
    # A stranger who asks all day only causes mails that the owner can use.
    return try_to_spend("reset_mail", RESET_MAILS, digest_of(email))


def _known(request: HttpRequest, email: str) -> str:
    account = User.objects.filter(email=email.strip().lower()).first()
    if account is not None and request.user.pk == account.pk:
        return sign_in_of(request)
    return mark_of(request, account)


LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""Letters of mailed codes: easy to read, and no vowels, so no words (RFC 8628, 6.1)."""
LENGTH: Final = 8
MINUTES: Final = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
SIGN_UP_MINUTES: Final = settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT // 60
"""Minutes that a code works which confirms the address of a sign-up, or a changed address."""


def demand(request: HttpRequest) -> None:
    request.needs_mailed_code = True  # type: ignore[attr-defined]


def is_demanded(request: HttpRequest) -> bool:
    return bool(getattr(request, "needs_mailed_code", False))


def code_of(seed: str) -> str:
    """Return the mailed code of a seed, such as "BCDF-GHJK". Derived when needed, never stored."""
    left = int(salted_hmac("accounts.sign_in_code", seed, algorithm="sha256").hexdigest(), 16)
    letters = [LETTERS[left // len(LETTERS) ** place % len(LETTERS)] for place in range(LENGTH)]
    half = math.ceil(LENGTH / 2)
    return f"{''.join(letters[:half])}-{''.join(letters[half:])}"


def is_code(seed: str, typed: str) -> bool:
    return bool(seed) and compare_user_code(actual=typed, expected=code_of(seed))


class MailedCodeStage(LoginByCodeStage):  # type: ignore[misc]
    """The step of a sign-in between password and second factor: a code that was mailed, if one is demanded."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not is_demanded(self.request):
            return None, True
        account, self.login.user = self.login.user, None
        self.state.update(self._begun(account))
        return HttpResponseRedirect(reverse("account_confirm_login_code")), True

    def _begun(self, account: User | None) -> dict[str, Any]:
        seed = ""
        if account is not None and try_to_spend("sign_in_code", CODE_MAILS, str(account.pk)):
            seed = str(uuid4())
            sign_ins.mail_code(account=account, seed=seed, by=VISITOR)
        return {
            "at": time.time(),
            "failed_attempts": 0,
            "resend_count": 0,
            "change_count": 0,
            "initiated_by_user": False,
            "email": self.login.email,
            # A random id after a wrong password, so that both make the same queries.
            "user_id": str(account.pk if account is not None else uuid4()),
            "code": seed,
        }

    def is_resumable(self, request: HttpRequest) -> bool:
        """Return False: the sign-in page stays open while a code is due, since the password may have been wrong."""
        return False

    def exit(self) -> HttpResponse:
        self.login.user = User.objects.get(pk=UUID(self.state["user_id"]))
        response: HttpResponse = super().exit()
        return response
