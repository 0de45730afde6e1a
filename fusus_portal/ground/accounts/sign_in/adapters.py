"""Adapters of allauth. Nothing here reveals that an account exists, is locked or is disabled (ASVS 6.3.8)."""

import base64
import hashlib
from smtplib import SMTPException
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.translation import gettext, gettext_lazy as _

from audit.log.actors import VISITOR
from fusus_portal.ground.access import session_rows
from fusus_portal.ground.access.source import address_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import PUBLIC_ROLES, Role
from fusus_portal.ground.accounts.services import accounts, sign_ins
from fusus_portal.ground.accounts.sign_in import sessions, tries
from fusus_portal.ground.agency.selectors import shown, words as agency_words
from fusus_portal.ground.notifications.addresses import absolute

PUBLIC_COMPUTER = "public_computer"
"""Session key: the browser must not remember this account."""

OF_A_RESET = ("account/email/password_reset_key", "account/email/unknown_account")
"""Template prefixes of the mails of a password reset: to an address with an account, and to one without."""

MISMATCH = _("That e-mail address and password don't open an account. Check both, or choose a new password.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISMATCH,
        "incorrect_code": _(
            "That code is not right, was used already, or is too old. Ask for a new one or wait for the next."
        ),
        "too_many_login_attempts": _(
            "Too many failed tries. Wait five minutes, then try again, or choose a new password."
        ),
    }
    attempt: tries.Try

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check e-mail and password; the password of a locked or disabled agency account is not checked."""
        with transaction.atomic():
            account = accounts.hold_by_email(credentials.get("email", ""))
            if account is not None and (account.is_locked or not account.is_active):
                self.pre_authenticate(request, **credentials)
                User().set_password(credentials.get("password", ""))  # takes as long as a check
                user = None
            else:
                user = super().authenticate(request, **credentials)
            if user is None:
                self._failed(account)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try; past a day's limit of failures demand a code. Raises ValidationError, and as `Try.count`."""
        self.attempt = tries.Try(request, str(credentials.get("email", "")))
        try:
            is_beyond = self.attempt.count()
        except tries.TooManyFailures as error:
            raise self.validation_error("too_many_login_attempts") from error
        # A signed-in person can't type a code, and waits.
        if is_beyond and request.user.is_authenticated:
            raise self.validation_error("too_many_login_attempts")
        if is_beyond:
            session_rows.make_sure(request.session)
            # The code page's session is made before the password is checked: its limit must reveal nothing.
            tries.demand(request)

    def _rollback_login_failed_rl_usage(self) -> None:
        """Take back the try that was counted as a failure: the password was correct, and no mailed code is due."""
        if self.request is None or not tries.is_demanded(self.request):
            self.attempt.take_back()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep failures that allauth would forget: a new password makes its browser known, with counts of its own."""

    def _failed(self, account: User | None) -> None:
        sign_ins.note_failed()
        if account is not None:
            accounts.count_failure(account=account, by=VISITOR)

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Return the password. Raises ValidationError with the sentence of the first rule that refuses it."""
        try:
            return str(super().clean_password(password, user))
        except ValidationError as error:
            raise ValidationError(error.messages[0]) from error

    def reauthenticate(self, user: User, password: str) -> bool:
        passed = bool(super().reauthenticate(user, password))
        is_locked = User.objects.filter(pk=user.pk, locked_at__isnull=False)
        if not passed and user.is_agency and self.request is not None and is_locked.exists():
            # Other sign-ins stay: a guesser must not stop a deputy.
            logout(self.request)
            messages.error(self.request, MISMATCH)
        return passed

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Exempt a sign-in with a correct password from the network's limit of new sessions."""
        if not kwargs.get("signup") and not tries.is_demanded(request):
            session_rows.exempt_next_row(request.session)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        fresh = User.objects.select_for_update().get(pk=user.pk)
        if fresh.is_locked or not fresh.is_active:
            request.session.flush()
            messages.error(request, MISMATCH)
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        super().login(request, user)
        sessions.begin(request)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        is_public = request.session.pop(PUBLIC_COMPUTER, False)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not kwargs.get("signup"):
            tries.note(request, user, is_known=not is_public)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user = request.user
        return reverse("console") if isinstance(user, User) and user.is_agency else reverse("profile")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link in the mail of a password reset: on the portal's own address, never on the request's Host."""
        where = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return absolute(where.replace("UID-KEY", quote(key)))

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        role = Role(form.cleaned_data["role"])
        if role not in PUBLIC_ROLES:
            raise PermissionDenied
        user.role = role
        language = translation.get_language() or "en"
        user.language = language if language in dict(settings.LANGUAGES) else "en"
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's IP address; unknown ones share one count."""
        return address_of(request) or "0.0.0.0"  # noqa: S104  (an address, nothing is bound to it)

    def get_login_stages(self) -> list[str]:
        _by_code, *others = super().get_login_stages()
        return ["fusus_portal.ground.accounts.sign_in.tries.MailedCodeStage", *others]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        request = context.request
        return not (isinstance(request.user, User) and sessions.proved_recently(request, request.user, "password"))

    def send_mail(self, template_prefix: str, email: str, words: dict[str, Any]) -> None:
        """Send allauth's mail after the commit. It may hold a code, so it skips the outbox."""
        request = self.request
        # A code is typed into this session; a link needs none.
        if request is not None and template_prefix not in OF_A_RESET:
            session_rows.make_sure(request.session)
        more = {"agency": agency_words(), "email": email, "minutes": tries.SIGN_UP_MINUTES}
        message = self.render_mail(template_prefix, email, {**words, **more})
        transaction.on_commit(lambda: _deliver(message, request))


def _deliver(message: EmailMessage, request: HttpRequest | None) -> None:
    try:
        message.send()
    except (OSError, SMTPException):
        if request is not None:
            messages.error(
                request, _("We could not send the e-mail just now. Please ask for it again in a few minutes.")
            )


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: encrypted in the database; an agency account keeps at least one (CJIS IA-2(1))."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code is not right, or was used already. Wait for the next one."),
        "cannot_delete_authenticator": _(
            "An agency account keeps at least one passkey or code app. Add another first."
        ),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret. Raises cryptography.fernet.InvalidToken if none of our keys made it."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def is_mfa_enabled(self, user: User, types: Any = None) -> bool:
        """False if the agency's identity provider has checked a second factor, so that allauth asks for no other."""
        request = context.request
        if request is not None and not request.user.is_authenticated and sessions.second_factor_shown(request, user):
            return False
        return bool(super().is_mfa_enabled(user, types))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """False for the last factor of an agency account (CJIS IA-2(1))."""
        if not authenticator.user.is_agency:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  (allauth's name for it)
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("My passkey") if number == 1 else gettext("Passkey %(number)d") % {"number": number}

    def _get_site_name(self) -> str:
        return str(shown().short_name)


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"accounts.factors:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SignInsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    def end_sessions(self, ended: list[UserSession]) -> None:
        ended = list(ended)
        if ended:
            sign_ins.end(sign_ins=ended, by=ended[0].user)
