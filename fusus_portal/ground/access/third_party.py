"""Marks of third-party views, by URL name. Tests walk them like ours."""

from typing import Final

from fusus_portal.ground.access.marks import PUBLIC, Mark
from fusus_portal.ground.access.permissions import Permission

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
