"""How often a password may be tried, and a new one asked for: by account and network, or by a known browser.

Nobody elsewhere uses up what an owner has: a stranger's tries count in the stranger's network, and a browser in which
the account signed in before has a count of its own (ASVS 6.1.1). Counts are kept where all processes see them; while
nobody can count, nobody signs in. Agency accounts have their lock besides (CJIS AC-7): services/locks.py.
"""

from typing import Final, NamedTuple

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from fusus_portal.ground.access.limits import TooManyRequests, give_back, spend
from fusus_portal.ground.access.source import network_of, sign_in_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in import known_browsers

SIGN_INS: Final = "30/m"
"""Tries of a network or a known browser, right ones too: each takes the work of a password."""
FAILURES_OF_NETWORK: Final = "20/m"
"""Wrong passwords of a network, for whichever accounts."""
FAILURES: Final = "10/5m"
"""Wrong passwords for one account, from one network or in one known browser."""
FAILURES_OF_A_DAY: Final = "100/d"
"""Wrong passwords for one account from wherever; beyond them an unknown browser needs a mailed code too."""
RESETS: Final = "20/m"
"""Times that a network or a known browser asks for a new password."""
RESET_MAILS: Final = "1/5m"
"""Mails with the way to a new password, to one address, whoever asks."""
CODE_MAILS: Final = "6/h"
"""Mails with the code of a sign-in, to one account. Only somebody with the password brings one about."""


class TooManyFailures(TooManyRequests):
    """Too many wrong passwords."""


class Count(NamedTuple):
    """One count that a try is in, as `limits.spend` takes it."""

    name: str
    rate: str
    key: str


class Try:
    """One try with a password. It counts before the password is checked, so that no crowd of tries slips through.

    known: the mark of a known browser or of the sign-in that runs, "" for an unknown browser.
    """

    def __init__(self, request: HttpRequest, email: str) -> None:
        account, self.known = digest_of(email), _known(request, email)
        place = self.known or network_of(request)
        self.attempt = Count("sign_in", SIGN_INS, place)
        self.failures = [Count("sign_in_failed", FAILURES, f"{account}:{place}")]
        if not self.known:
            self.failures.insert(0, Count("sign_in_failed_here", FAILURES_OF_NETWORK, place))
        self.of_a_day = of_a_day(f"{account}:{self.known}" if self.known else account)

    def count(self) -> bool:
        """Count it; return whether there were too many failures in a day.

        Raises TooManyFailures, TooManyRequests for tries of any kind, CannotCount.
        """
        spend(*self.attempt)
        if not all(_is_left(each) for each in self.failures):
            raise TooManyFailures
        return not _is_left(self.of_a_day)

    def take_back(self) -> None:
        """Count it among the failures no more: the password was right. Raises CannotCount."""
        for each in (*self.failures, self.of_a_day):
            give_back(each.name, each.key)


def of_a_day(key: str) -> Count:
    """Return the count of failures in a day. key: the digest of an account's address, or of that and a browser."""
    return Count("sign_in_failed_today", FAILURES_OF_A_DAY, key)


def digest_of(email: str) -> str:
    """Return what an address is counted by; addresses that have no account are counted as well."""
    return salted_hmac("accounts.tries", email.strip().lower(), algorithm="sha256").hexdigest()[:32]


def spend_reset_mail(request: HttpRequest, email: str) -> bool:
    """Return whether a mail goes out to somebody who wants a new password: the first asked for in five minutes does.

    Its link opens for whoever reads the mail. So a stranger who asks all day brings a mail about that the owner can
    use, and no one who asks is told whether it went out. Raises TooManyRequests by network, CannotCount.
    """
    spend("reset", RESETS, _known(request, email) or network_of(request))
    return _is_left(Count("reset_mail", RESET_MAILS, digest_of(email)))


def spend_code_mail(account: User) -> bool:
    """Return whether one more code of a sign-in is mailed to an account. Raises CannotCount."""
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
