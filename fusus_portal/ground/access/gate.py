"""The gate before each view: checks sign-in, its age, second factor, system-use notice and permission."""

from typing import Final

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.access.context import page_behind
from fusus_portal.ground.access.marks import Mark
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.policies import password_is_too_old
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.accounts.services import sign_ins
from fusus_portal.ground.accounts.sign_in import sessions
from fusus_portal.ground.lifecycle import Refused

OF_THE_ACCOUNT: Final = frozenset({Permission.OWN_ACCOUNT, Permission.OWN_ADDRESS})

_TWELVE_HOURS: Final = gettext_lazy("You were signed out because a sign-in lasts 12 hours.")
SIGNED_OUT: Final = {
    sessions.Ended.IDLE: gettext_lazy("You were signed out because nothing happened for 30 minutes."),
    sessions.Ended.LIMIT: _TWELVE_HOURS,
    sessions.Ended.UNKNOWN: _TWELVE_HOURS,
    sessions.Ended.FACTOR: gettext_lazy(
        "You were signed out because you did not use your passkey or code app. Please sign in again."
    ),
}


def answer_before(request: HttpRequest, mark: Mark) -> HttpResponse | None:
    """Return a response in place of the view, or None to run it. Raises Refused if the role lacks the permission."""
    if mark.permission is None:
        return None
    user = request.user
    if not isinstance(user, User):
        return _to_sign_in(request, mark.permission)
    answer = _of_agency(request, user, mark) if user.is_agency else _of_public(request, user, mark)
    if answer is not None:
        return answer
    if not has(user.role, mark.permission):
        raise Refused(mark.permission.sentence)
    return _proof_again(request, user) if mark.privileged else None


def _of_agency(request: HttpRequest, user: User, mark: Mark) -> HttpResponse | None:
    over = sessions.ended(request)
    if over is not None:
        return _timed_out(request, user, over, mark)
    if not mark.background:
        sessions.touch(request)
    if not sessions.second_factor_shown(request, user):
        return _without_factor(request, user, mark)
    if mark.entrance:
        return None
    if not sessions.notice_acknowledged(request):
        return redirect_to("system_use_notice", next_page=_this_page(request))
    if password_is_too_old(user, timezone.now()) and not sessions.came_from_outside(request, user):
        messages.warning(request, _("Your password is a year old. Choose a new one to continue."))
        return redirect_to("account_change_password")
    return None


def _of_public(request: HttpRequest, user: User, mark: Mark) -> HttpResponse | None:
    """Require a second factor before any change to a public account that has one; accounts without one need none."""
    if not mark.privileged and mark.permission not in OF_THE_ACCOUNT:
        return None
    if sessions.second_factor_shown(request, user) or not sessions.has_second_factor(user):
        return None
    return _timed_out(request, user, sessions.Ended.FACTOR, mark)


def _to_sign_in(request: HttpRequest, permission: Permission | None) -> HttpResponse:
    agency_only = permission is not None and permission.roles <= AGENCY_ROLES
    page = "system_use_notice" if agency_only else "account_login"
    return redirect_to(page, next_page=_this_page(request))


def _timed_out(request: HttpRequest, user: User, over: sessions.Ended, mark: Mark) -> HttpResponse:
    sign_ins.note_timed_out(why=str(over), by=user)
    request.session.flush()
    request.user = AnonymousUser()
    messages.info(request, SIGNED_OUT[over])
    return _to_sign_in(request, mark.permission)


def _without_factor(request: HttpRequest, user: User, mark: Mark) -> HttpResponse | None:
    if sessions.has_second_factor(user):
        return _timed_out(request, user, sessions.Ended.FACTOR, Mark(Permission.SEE_CONSOLE))
    if mark.entrance:
        return None
    messages.info(request, _("Set up a passkey or a code app first. Agency accounts need one at every sign-in."))
    return redirect_to("mfa_index")


def _proof_again(request: HttpRequest, user: User) -> HttpResponse | None:
    """Return a redirect to give password, then second factor, unless given in the last five minutes (CJIS IA-11)."""
    if not sessions.proved_recently(request, user, "password"):
        return redirect_to("account_reauthenticate", next_page=_page_behind(request))
    if user.is_agency and not sessions.proved_recently(request, user, "mfa"):
        has_app = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
        page = "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"
        return redirect_to(page, next_page=_page_behind(request))
    return None


def _this_page(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in ("GET", "HEAD") else ""


def _page_behind(request: HttpRequest) -> str:
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    messages.info(request, _("Then press the button once more; nothing was changed yet."))
    return page_behind(request)


def redirect_to(name: str, *, next_page: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, query={"next": next_page} if next_page else None))
