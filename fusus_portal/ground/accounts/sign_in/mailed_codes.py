"""A code from the owner's mail, after the right password: asked of an unknown browser while an account is attacked.

The page of the code comes after wrong passwords too, and for addresses without an account, where no code opens it.
So nobody learns that a password is right before the code is typed.
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
"""Read without a mistake, and no word (RFC 8628, 6.1)."""
LENGTH: Final = 8
MINUTES: Final = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
SIGN_UP_MINUTES: Final = settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT // 60
"""How long the code of a sign-up works, and that of another address."""


def demand(request: HttpRequest) -> None:
    """Ask for a code in the sign-in that this request begins."""
    request.needs_mailed_code = True  # type: ignore[attr-defined]


def is_demanded(request: HttpRequest) -> bool:
    """Return whether the sign-in that this request begins needs a code."""
    return bool(getattr(request, "needs_mailed_code", False))


def code_of(seed: str) -> str:
    """Return the code of a seed, as BCDF-GHJK. It is made whenever it is needed, so it is written nowhere."""
    left = int(salted_hmac("accounts.sign_in_code", seed, algorithm="sha256").hexdigest(), 16)
    letters = [LETTERS[left // len(LETTERS) ** place % len(LETTERS)] for place in range(LENGTH)]
    half = math.ceil(LENGTH / 2)
    return f"{''.join(letters[:half])}-{''.join(letters[half:])}"


def is_code(seed: str, typed: str) -> bool:
    """Return whether somebody typed the code of a seed; of no seed there is none."""
    return bool(seed) and compare_user_code(actual=typed, expected=code_of(seed))


class MailedCodeStage(LoginByCodeStage):  # type: ignore[misc]
    """The step between password and second factor.

    The session keeps the account as an id that is looked up when a code is typed, and for a wrong password one that
    nobody has: each page of a sign-in that leads nowhere takes the same questions of the database.
    """

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Mail a code and lead to its page, where one is needed."""
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
            "user_id": str(account.pk if account is not None else uuid4()),
            "code": seed,
        }

    def is_resumable(self, request: HttpRequest) -> bool:
        """Let the sign-in page be opened meanwhile: the password may have been wrong."""
        return False

    def exit(self) -> HttpResponse:
        """Go on with the account whose code was typed."""
        self.login.user = User.objects.get(pk=UUID(self.state["user_id"]))
        response: HttpResponse = super().exit()
        return response
