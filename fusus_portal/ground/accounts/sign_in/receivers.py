"""Receivers of allauth's signals. Its views run in one transaction, so act and entry still commit together."""

import time
from typing import Any

from allauth.account import signals as account_signals
from allauth.account.internal import stagekit
from allauth.account.internal.flows.email_verification import verify_email_indirectly
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.core import context
from allauth.mfa import signals as factor_signals
from allauth.mfa.adapter import get_adapter as factor_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import VISITOR
from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts, sign_ins
from fusus_portal.ground.accounts.sign_in import sessions, tries
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.ground.notifications.services import outbox as notifications


def connect() -> None:
    account_signals.user_signed_up.connect(_signed_up)
    account_signals.user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    account_signals.email_confirmed.connect(_email_confirmed)
    account_signals.email_changed.connect(_email_changed)
    account_signals.password_reset.connect(_mail_was_read)
    for signal in (account_signals.password_changed, account_signals.password_reset, account_signals.password_set):
        signal.connect(_password_changed)
    account_signals.authentication_step_completed.connect(_proved)
    # allauth's own signals of these come after the commit, when an entry could be lost.
    pre_save.connect(_must_show_the_one_before, sender=Authenticator)
    post_save.connect(_factor_saved, sender=Authenticator)
    pre_delete.connect(_keep_last_factor, sender=Authenticator)
    post_delete.connect(_factor_deleted, sender=Authenticator)
    factor_signals.authentication_failed.connect(_factor_failed)
    EmailVerificationProcess.resend = _resend


def _resend(process: EmailVerificationProcess) -> None:
    """Send a sign-up's mail again, also to an address with an account: a fast answer without mail would reveal that."""
    process.generate_code()
    process.send()
    process.record_resend()
    process.state["at"] = time.time()
    process.persist()
    login = stagekit.unstash_login(process.request, peek=True)
    if login is not None:
        login.initiated_at = time.time()
        stagekit.stash_login(process.request, login)


def _signed_up(*, user: User, **_named: Any) -> None:
    accounts.note(event=Event.SIGNED_UP, about=user, by=user.actor)


def _signed_in(*, request: HttpRequest, user: User, **_named: Any) -> None:
    sign_ins.start(notice_acknowledged=user.is_agency and sessions.notice_acknowledged(request), by=user)


def _signed_out(*, user: User | None, **_named: Any) -> None:
    if user is not None:
        sign_ins.leave(by=user)


def _email_confirmed(*, email_address: Any, **_named: Any) -> None:
    user: User = email_address.user
    accounts.note(event=Event.EMAIL_CONFIRMED, about=user, by=user.actor)


def _email_changed(*, user: User, from_email_address: Any, to_email_address: Any, **_named: Any) -> None:
    if from_email_address is not None:  # None while signing up: there is nothing to change from
        notifications.readdress(old=from_email_address.email, new=to_email_address.email)
        accounts.note(event=Event.EMAIL_CHANGED, about=user, by=user.actor)


def _password_changed(*, request: HttpRequest, user: User, **_named: Any) -> None:
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password_changed_at"])
    if request.user.is_anonymous or tries.has_any(request):
        tries.note(request, user, is_known=True)
    accounts.note(event=Event.PASSWORD_CHANGED, about=user, by=user.actor)


def _mail_was_read(*, request: HttpRequest, user: User, **_named: Any) -> None:
    """Confirm the account's e-mail address: the link that reset the password was mailed there."""
    verify_email_indirectly(request, user, user.email)


def _proved(*, user: User, method: str, **details: Any) -> None:
    if details.get("reauthenticated"):
        sign_ins.note_renewed(method=method, by=user)


def _factor_saved(*, instance: Authenticator, created: bool, **_named: Any) -> None:
    request = _request_of(instance)
    if request is None or not created:
        return
    user: User = instance.user
    accounts.note(event=Event.FACTOR_ADDED, about=user, by=user.actor, kind=instance.type)
    if instance.type != Authenticator.Type.RECOVERY_CODES:
        sessions.note_factor_set_up(request, user)
        sign_ins.end_all_of(account=user, by=user.actor, but=request.session.session_key or "")


def _must_show_the_one_before(*, instance: Authenticator, **_named: Any) -> None:
    request = _request_of(instance)
    if request is None or instance.pk is not None:
        return
    user = User.objects.select_for_update(no_key=True).get(pk=instance.user_id)
    if sessions.has_second_factor(user) and not sessions.second_factor_shown(request, user):
        raise Refused(_("This account has a passkey or code app already. Sign in with it first."), subject=user.subject)


def _keep_last_factor(*, instance: Authenticator, **_named: Any) -> None:
    """Refuse to remove the last factor of an agency account; allauth does not ask the adapter about a passkey."""
    if _request_of(instance) is None or instance.type == Authenticator.Type.RECOVERY_CODES:
        return
    # Of two removals at once, each would see the other's factor.
    accounts.hold_by_email(instance.user.email)
    adapter = factor_adapter()
    if not adapter.can_delete_authenticator(instance):
        sentence = str(adapter.error_messages["cannot_delete_authenticator"])
        raise Refused(sentence, subject=("account", str(instance.user_id)))


def _factor_deleted(*, instance: Authenticator, **_named: Any) -> None:
    if _request_of(instance) is not None:
        accounts.note(event=Event.FACTOR_REMOVED, about=instance.user, by=instance.user.actor, kind=instance.type)


def _request_of(factor: Authenticator) -> HttpRequest | None:
    request: HttpRequest | None = context.request
    own = request is not None and getattr(request, "user", None) is not None and request.user.pk == factor.user_id
    return request if own else None


def _factor_failed(*, user: User, **_named: Any) -> None:
    sign_ins.note_failed()
    account = accounts.hold_by_email(user.email)
    if account is not None:
        accounts.count_failure(account=account, by=VISITOR)
