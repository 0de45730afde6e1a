"""Unconfirmed sign-ups, kept in the session until the code is typed."""

from dataclasses import dataclass

from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.utils import get_next_redirect_url
from django.http import HttpRequest

from audit.log.actors import VISITOR
from fusus_portal.ground.accounts.roles import PUBLIC_ROLES
from fusus_portal.ground.accounts.services import accounts


@dataclass(frozen=True)
class SignUp:
    """The typed values of a sign-up. password: its hash. next_page: shown after the code; "" for the usual page."""

    email: str
    role: str
    password: str
    next_page: str = ""


def find(request: HttpRequest) -> SignUp | None:
    """Return the sign-up that waits for its code in this browser."""
    waiting = None if request.user.is_authenticated else EmailVerificationProcess.resume(request)
    if waiting is None:
        return None
    # An address with an account gets no new one, so the session alone has the typed values.
    if "typed" in waiting.state:
        return SignUp(waiting.email, **waiting.state["typed"])
    account, stage = waiting.user, get_pending_stage(request)
    if account is None or account.role not in PUBLIC_ROLES or account.last_login is not None:
        return None
    return SignUp(waiting.email, account.role, account.password, (stage and stage.login.redirect_url) or "")


def keep(request: HttpRequest, *, role: str, password: str, next_page: str = "") -> None:
    """Keep the typed values of a sign-up whose address has an account: they can be corrected like any others."""
    waiting = EmailVerificationProcess.resume(request)
    if waiting is not None:
        next_page = next_page or get_next_redirect_url(request) or ""
        waiting.state["typed"] = {"role": role, "password": password, "next_page": next_page}
        waiting.persist()


def end(request: HttpRequest) -> None:
    waiting = None if request.user.is_authenticated else EmailVerificationProcess.resume(request)
    if waiting is not None:
        if waiting.user is not None:
            accounts.delete_unconfirmed(email=waiting.email, by=VISITOR)
        waiting.abort()
