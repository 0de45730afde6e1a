"""Marks of views: the permission that each view requires. Our views carry their marks; MARKS has those of allauth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.http import HttpRequest
from django.views.decorators.http import require_http_methods

from fusus_portal.ground.access.permissions import Permission

if TYPE_CHECKING:
    from fusus_portal.ground.accounts.models import User

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE: Final = "access"

SAFE: Final = ("GET", "HEAD")
FORM: Final = ("GET", "HEAD", "POST")
POST: Final = ("POST",)
"""HTTP methods of a page (SAFE), of a page whose form posts back to it (FORM), and of a button (POST)."""


class SignedInRequest(HttpRequest):
    user: "User"


@dataclass(frozen=True, slots=True)
class Mark:
    """Guard of a view. permission: None opens it to everyone.

    privileged: password and second factor given in the last five minutes (CJIS IA-11). entrance: part of signing in, so
    it works before second factor, notice and yearly password are settled. background: called by a player and not by a
    person, so it does not extend the sign-in (CJIS AC-11).
    """

    permission: Permission | None = None
    privileged: bool = False
    entrance: bool = False
    background: bool = False


PUBLIC: Final = Mark()


def public(view: View) -> View:
    return _marked(view, PUBLIC)


def requires(
    permission: Permission, methods: Sequence[str] = (), *, entrance: bool = False, background: bool = False
) -> Callable[[View], View]:
    """Open a view to the holders of a permission. methods: the HTTP methods allowed, empty for all; others get 405."""

    def mark(view: View) -> View:
        answers = require_http_methods(methods)(view) if methods else view
        return _marked(answers, Mark(permission, entrance=entrance, background=background))

    return mark


def privileged(view: View) -> View:
    """Ask again for password and second factor before this view. Goes above `@requires`."""
    mark = mark_of(view)
    if mark is None or mark.permission is None:
        raise TypeError("@privileged goes above @requires(...)")
    return _marked(view, replace(mark, privileged=True))


def mark_of(view: Callable[..., Any]) -> Mark | None:
    mark = getattr(view, ATTRIBUTE, None)
    return mark if isinstance(mark, Mark) else None


def _marked(view: View, mark: Mark) -> View:
    setattr(view, ATTRIBUTE, mark)
    return view


_ENTRANCE: Final = Mark(Permission.OWN_ACCOUNT, entrance=True)
_OWN_ACCOUNT: Final = Mark(Permission.OWN_ACCOUNT)

MARKS: Final[dict[str, Mark]] = {
    "set_language": PUBLIC,
    # allauth: signing up and in
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": PUBLIC,
    "account_email_verification_sent": PUBLIC,
    "account_confirm_login_code": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "mfa_authenticate": PUBLIC,
    # allauth: proving again, and the first steps of an agency account
    "account_reauthenticate": _ENTRANCE,
    "account_change_password": _ENTRANCE,
    "account_set_password": _ENTRANCE,
    "mfa_index": _ENTRANCE,
    "mfa_reauthenticate": _ENTRANCE,
    "mfa_reauthenticate_webauthn": _ENTRANCE,
    "mfa_activate_totp": _ENTRANCE,
    "mfa_add_webauthn": _ENTRANCE,
    "mfa_list_webauthn": _ENTRANCE,
    "mfa_view_recovery_codes": _ENTRANCE,
    "mfa_generate_recovery_codes": _ENTRANCE,
    "mfa_download_recovery_codes": _ENTRANCE,
    # allauth: one's own account
    "account_email": Mark(Permission.OWN_ADDRESS),
    "mfa_deactivate_totp": _OWN_ACCOUNT,
    "mfa_edit_webauthn": _OWN_ACCOUNT,
    "mfa_remove_webauthn": _OWN_ACCOUNT,
    "usersessions_list": _OWN_ACCOUNT,
}
