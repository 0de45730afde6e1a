"""A mailed code after the password, for unknown browsers while an account is under attack.

The code page follows wrong passwords and unknown addresses too, so a guesser does not learn that a password is right.
"""

import math
import time
from typing import Any, Final
from uuid import UUID, uuid4

from allauth.account.stages import LoginByCodeStage
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac

from audit.log.actors import VISITOR
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import sign_ins
from fusus_portal.ground.accounts.sign_in import tries

LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""Easy to read, and no vowels, so no words (RFC 8628, 6.1)."""
LENGTH: Final = 8
MINUTES: Final = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
SIGN_UP_MINUTES: Final = settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT // 60
"""Minutes that a sign-up's code works, and that of another address."""


def demand(request: HttpRequest) -> None:
    request.needs_mailed_code = True  # type: ignore[attr-defined]


def is_demanded(request: HttpRequest) -> bool:
    return bool(getattr(request, "needs_mailed_code", False))


def code_of(seed: str) -> str:
    """Return the code of a seed, as BCDF-GHJK. Derived when needed, never stored."""
    left = int(salted_hmac("accounts.sign_in_code", seed, algorithm="sha256").hexdigest(), 16)
    letters = [LETTERS[left // len(LETTERS) ** place % len(LETTERS)] for place in range(LENGTH)]
    half = math.ceil(LENGTH / 2)
    return f"{''.join(letters[:half])}-{''.join(letters[half:])}"


def is_code(seed: str, typed: str) -> bool:
    return bool(seed) and compare_user_code(actual=typed, expected=code_of(seed))


class MailedCodeStage(LoginByCodeStage):  # type: ignore[misc]
    """The step between password and second factor."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not is_demanded(self.request):
            return None, True
        account, self.login.user = self.login.user, None
        self.state.update(self._begun(account))
        return HttpResponseRedirect(reverse("account_confirm_login_code")), True

    def _begun(self, account: User | None) -> dict[str, Any]:
        seed = ""
        if account is not None and tries.spend_code_mail(account):
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
        """The sign-in page stays open meanwhile: the password may have been wrong."""
        return False

    def exit(self) -> HttpResponse:
        self.login.user = User.objects.get(pk=UUID(self.state["user_id"]))
        response: HttpResponse = super().exit()
        return response
