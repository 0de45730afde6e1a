"""Limits of password tries and resets: by account and network, or by a known browser.

A stranger's tries count in the stranger's network, and a known browser has its own count, so nobody uses up an owner's
tries (ASVS 6.1.1). While Valkey is down nobody signs in. Agency accounts also have their lock (CJIS AC-7):
services/locks.py.
"""

from typing import Final, NamedTuple

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from fusus_portal.ground.access.limits import TooManyRequests, give_back, spend
from fusus_portal.ground.access.source import network_of, sign_in_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in import known_browsers

SIGN_INS: Final = "30/m"
"""Tries of a network or a known browser, correct ones too: each costs a password hash."""
FAILURES_OF_NETWORK: Final = "20/m"
"""Wrong passwords of a network, for all accounts."""
FAILURES: Final = "10/5m"
"""Wrong passwords for one account, from one network or in one known browser."""
FAILURES_OF_A_DAY: Final = "100/d"
"""Wrong passwords for one account from anywhere; beyond them an unknown browser also needs a mailed code."""
RESETS: Final = "20/m"
RESET_MAILS: Final = "1/5m"
"""Reset mails to one address."""
CODE_MAILS: Final = "6/h"
"""Codes mailed to one account; only somebody with the password causes one."""


class TooManyFailures(TooManyRequests):
    """Too many wrong passwords."""


class Count(NamedTuple):
    name: str
    rate: str
    key: str


class Try:
    """A try with a password, counted before it is checked. known: mark of a known browser or the sign-in, or ""."""

    def __init__(self, request: HttpRequest, email: str) -> None:
        account, self.known = digest_of(email), _known(request, email)
        place = self.known or network_of(request)
        self.attempt = Count("sign_in", SIGN_INS, place)
        self.failures = [Count("sign_in_failed", FAILURES, f"{account}:{place}")]
        if not self.known:
            self.failures.insert(0, Count("sign_in_failed_here", FAILURES_OF_NETWORK, place))
        self.of_a_day = of_a_day(f"{account}:{self.known}" if self.known else account)

    def count(self) -> bool:
        """Count the try; return True past the day's failures. Raises TooManyFailures, TooManyRequests, CannotCount."""
        spend(*self.attempt)
        if not all(_is_left(each) for each in self.failures):
            raise TooManyFailures
        return not _is_left(self.of_a_day)

    def take_back(self) -> None:
        """Uncount the failure: the password was correct. Raises CannotCount."""
        for each in (*self.failures, self.of_a_day):
            give_back(each.name, each.key)


def of_a_day(key: str) -> Count:
    """Return the day's count of failures. key: digest of an address, or of an address and a browser."""
    return Count("sign_in_failed_today", FAILURES_OF_A_DAY, key)


def digest_of(email: str) -> str:
    """Return the digest of an address; addresses without an account are counted too."""
    return salted_hmac("accounts.tries", email.strip().lower(), algorithm="sha256").hexdigest()[:32]


def spend_reset_mail(request: HttpRequest, email: str) -> bool:
    """True if a reset mail may go out: one in five minutes. Raises TooManyRequests by network, CannotCount."""
    spend("reset", RESETS, _known(request, email) or network_of(request))
    # A stranger who asks all day only causes mails that the owner can use.
    return _is_left(Count("reset_mail", RESET_MAILS, digest_of(email)))


def spend_code_mail(account: User) -> bool:
    """True if one more code may be mailed. Raises CannotCount."""
    return _is_left(Count("sign_in_code", CODE_MAILS, str(account.pk)))


def _is_left(count: Count) -> bool:
    try:
        spend(*count)
    except TooManyRequests:
        return False
    return True


def _known(request: HttpRequest, email: str) -> str:
    account = User.objects.filter(email=email.strip().lower()).first()
    if account is not None and request.user.pk == account.pk:
        return sign_in_of(request)
    return known_browsers.mark_of(request, account)
