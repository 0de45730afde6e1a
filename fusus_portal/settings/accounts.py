from datetime import timedelta
from typing import Any

from fusus_portal.ground import env

from .security import TRUSTED_PROXY_COUNT

AUTHENTICATION_BACKENDS = ["fusus_portal.ground.accounts.backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "fusus_portal.ground.accounts.sign_in.passwords.LengthValidator",
        "OPTIONS": {"least": 8, "most": 128},
    },
    {"NAME": "fusus_portal.ground.accounts.sign_in.passwords.StolenPasswordValidator"},
    {
        "NAME": "fusus_portal.ground.accounts.sign_in.passwords.OwnWordsValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "fusus_portal.ground.accounts.sign_in.passwords.LocalWordsValidator"},
]
SITE_URL = env.text("SITE_URL", "http://localhost:8000")
"""Public address of the portal; links in messages begin with it."""

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "fusus_portal.ground.access.refusals.csrf_failure"

ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
ACCOUNT_ADAPTER = "fusus_portal.ground.accounts.sign_in.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_REDIRECT_URL = "register"
ACCOUNT_FORMS = {
    "confirm_email_verification_code": "fusus_portal.ground.accounts.forms.ConfirmEmailForm",
    "confirm_login_code": "fusus_portal.ground.accounts.forms.SignInCodeForm",
    "signup": "fusus_portal.ground.accounts.forms.SignUpForm",
    "login": "fusus_portal.ground.accounts.forms.SignInForm",
    "reset_password": "fusus_portal.ground.accounts.forms.ForgottenPasswordForm",
    "add_email": "fusus_portal.ground.accounts.forms.ChangeEmailForm",
    "change_password": "fusus_portal.ground.accounts.forms.ChangePasswordForm",
    "set_password": "fusus_portal.ground.accounts.forms.SetPasswordForm",
    "reset_password_from_key": "fusus_portal.ground.accounts.forms.NewPasswordForm",
    "user_token": "fusus_portal.ground.accounts.forms.ResetLinkForm",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "fusus_portal.ground.accounts.sign_in.passwords.ResetTokens"  # noqa: S105
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_USER_DISPLAY = "builtins.str"
ACCOUNT_RATE_LIMITS = {
    # Passwords and resets are counted by fusus_portal/ground/accounts/sign_in/tries.py.
    "login": None,
    "login_failed": "10/5m/key",  # codes of a second factor: only somebody with the password types them
    "signup": "10/m/ip",
    "reset_password": None,
}

MFA_ADAPTER = "fusus_portal.ground.accounts.sign_in.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "fusus_portal.ground.accounts.forms.ActivateAppForm",
    "add_webauthn": "fusus_portal.ground.accounts.forms.AddPasskeyForm",
    "authenticate": "fusus_portal.ground.accounts.forms.AuthenticateForm",
    "deactivate_totp": "fusus_portal.ground.accounts.forms.RemoveAppForm",
    "edit_webauthn": "fusus_portal.ground.accounts.forms.RenamePasskeyForm",
    "reauthenticate": "fusus_portal.ground.accounts.forms.ReauthenticateForm",
}

USERSESSIONS_ADAPTER = "fusus_portal.ground.accounts.sign_in.adapters.SignInsAdapter"
USERSESSIONS_TRACK_ACTIVITY = False

IDLE_LIMIT = timedelta(minutes=30)
"""Agency accounts are signed out if they open no page for this long (CJIS AC-11)."""
IDLE_WARNING = timedelta(minutes=2)
"""A page warns this long before the sign-out; any key extends the time (WCAG 2.2.1 asks for at least 20 seconds)."""
SIGN_IN_LIMIT = timedelta(hours=12)
"""Agency accounts sign in again after this long (CJIS IA-11)."""
PRIVILEGED_LIMIT = timedelta(minutes=5)
"""Password and second factor must be this fresh for a privileged act (CJIS IA-11)."""
PASSWORD_AGE_LIMIT = timedelta(days=365)
"""Agency passwords expire after this long (CJIS IA-5)."""
UNUSED_LIMIT = timedelta(days=90)
"""Agency accounts unused for this long are disabled by the daily round (CJIS AC-2(3))."""
UNCONFIRMED_LIMIT = timedelta(hours=24)
"""An account whose address was never confirmed is deleted by the daily round after this long."""
FAILURES_BEFORE_LOCK = 5
FAILURE_WINDOW = timedelta(minutes=15)
"""FAILURES_BEFORE_LOCK failed sign-ins within this time lock an agency account (CJIS AC-7)."""
INVITATION_LIMIT = timedelta(days=7)
"""A proposed change of an account expires after this long, and so does the invitation that follows it."""
EVEN_ANSWER_SECONDS = 0.25
"""Some acts answer after a multiple of this, since the time they take would reveal who has yet to answer a request
(promise R4) or who has an account."""
