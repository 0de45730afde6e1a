import hashlib
import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import consume_email_verification_rate_limit
from allauth.account.internal.flows.signup import complete_signup
from allauth.account.models import Login
from allauth.core import context
from allauth.mfa.adapter import get_adapter as factor_adapter
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from audit.log.actors import VISITOR
from fusus_portal.ground.access import session_rows
from fusus_portal.ground.accounts import policies
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, PUBLIC_ROLES, Role
from fusus_portal.ground.accounts.services import accounts, sign_ins
from fusus_portal.ground.accounts.sign_in import passwords, tries, unfinished
from fusus_portal.ground.accounts.sign_in.adapters import PUBLIC_COMPUTER
from fusus_portal.ground.accounts.states import RoleChangeKind
from fusus_portal.ground.checked_forms import CheckedForm, Rule

ROLE_CHOICES = [(role.value, role.label) for role in Role if role in AGENCY_ROLES]
KIND_CHOICES = [(kind.value, kind.label) for kind in RoleChangeKind if kind is not RoleChangeKind.INVITE]


class _MailedCodeForm:
    """A form with one field for a mailed code; phones offer no word suggestions. minutes: the code's lifetime."""

    fields: dict[str, forms.Field]
    minutes: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autofocus": True, "autocapitalize": "characters", "spellcheck": "false"}


class ConfirmEmailForm(_MailedCodeForm, account_forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    minutes = tries.SIGN_UP_MINUTES


class SignInCodeForm(_MailedCodeForm, account_forms.ConfirmLoginCodeForm):  # type: ignore[misc]
    expected_code: str
    minutes = tries.MINUTES

    def clean_code(self) -> str:
        """Return the code. A wrong one counts as a failed sign-in and raises ValidationError."""
        code = str(self.cleaned_data["code"])
        if not tries.is_code(self.expected_code, code):
            sign_ins.note_failed()
            raise get_adapter().validation_error("incorrect_code")
        return code


USED_CODE = _("That code is not right, or was used already. Wait for the next one.")
CODE_LIVES_SECONDS = 30 * (1 + 2 * settings.MFA_TOTP_TOLERANCE)
"""Seconds for which a code app's code is valid: its own 30, and those of the codes allowed before and after it."""


def use_up(user: User, code: str) -> None:
    """Accept a code app's code once (CJIS IA-2); refuse all codes while the cache is down. Raises ValidationError."""
    # After 30 seconds allauth forgets a used code, while it is still valid.
    digest = hashlib.sha256(code.strip().encode()).hexdigest()
    if not cache.add(f"code-used:{user.pk}:{digest}", 1, timeout=CODE_LIVES_SECONDS):
        raise ValidationError(USED_CODE)


class _HeldFactorForm:
    """Checks a code under a lock of the account's row: one code is accepted once, and failures count one by one."""

    user: User

    def clean_code(self) -> str:
        with transaction.atomic():
            held = User.objects.select_for_update().get(pk=self.user.pk)
            if held.is_locked or not held.is_active:
                raise ValidationError(USED_CODE)
            try:
                code = str(super().clean_code())  # type: ignore[misc]  # super() is the allauth form beside it
                use_up(self.user, code)
            except ValidationError as error:
                refusal = error  # raised below: the failure that was counted must be committed
            else:
                return code
        raise refusal


class AuthenticateForm(_HeldFactorForm, factor_forms.AuthenticateForm):  # type: ignore[misc]
    """The second step of a sign-in."""


class ReauthenticateForm(_HeldFactorForm, factor_forms.ReauthenticateForm):  # type: ignore[misc]
    """The second factor again, before a privileged act."""


class ActivateAppForm(ActivateTOTPForm):  # type: ignore[misc]
    def clean_code(self) -> str:
        code = str(super().clean_code())
        use_up(self.user, code)
        return code


class RemoveAppForm(DeactivateTOTPForm):  # type: ignore[misc]
    """Removal of a code app. allauth checks it when the page opens; we check when the button is pressed."""

    def __init__(self, *args: Any, data: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, data=data if context.request.method == "POST" else None, **kwargs)

    @property
    def why_not(self) -> str:
        adapter = factor_adapter()
        may_go = adapter.can_delete_authenticator(self.authenticator)
        return "" if may_go else str(adapter.error_messages["cannot_delete_authenticator"])


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey; allauth's own label has no translation."""

    name = forms.CharField(label=_("Name"), required=False)

    def clean_credential(self) -> Any:
        """Return the browser's credential. Raises ValidationError for a NUL in it, which PostgreSQL can't store."""
        credential = self.cleaned_data["credential"]
        if "\\u0000" in json.dumps(credential):
            raise forms.ValidationError(_("Your browser sent something that can't be read. Please try again."))
        return credential


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label=_("Name"))


class AdvisedPassword:
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = passwords.advice()


class SetPasswordForm(AdvisedPassword, account_forms.SetPasswordForm):  # type: ignore[misc]
    """A first password for an account that has none."""


SAME_PASSWORD = _("This is the password that the account has now. Choose another one.")


class ChangePasswordForm(AdvisedPassword, account_forms.ChangePasswordForm):  # type: ignore[misc]
    """A new password. Checks the old one like a sign-in, so that guesses are counted (CJIS AC-7)."""

    def clean_oldpassword(self) -> str:
        old = str(self.cleaned_data["oldpassword"])
        if not get_adapter().reauthenticate(self.user, old):
            raise get_adapter().validation_error("enter_current_password")
        return old

    def clean(self) -> dict[str, Any]:
        """Refuse the current password as the new one; say so only to a person who typed the current one correctly."""
        data = super().clean() or {}
        if data.get("oldpassword") and data.get("password1") == data["oldpassword"]:
            self.add_error("password1", SAME_PASSWORD)
        return data


class ResetLinkForm(account_forms.UserTokenForm):  # type: ignore[misc]
    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        # The limit of a network's new sessions must not stop a valid link.
        session_rows.exempt_next_row(context.request.session)
        return data


class NewPasswordForm(AdvisedPassword, account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    def clean_password1(self) -> str:
        """Return the new password. Raises ValidationError for the current one."""
        new = str(self.cleaned_data["password1"])
        # A link from before a suspension or disabling.
        if not User.objects.select_for_update(no_key=True).get(pk=self.user.pk).is_active:
            raise ValidationError(_("This link is no longer good. Ask for a new one."))
        if check_password(new, self.user.password):
            raise ValidationError(SAME_PASSWORD)
        return new


class InvitationForm(CheckedForm):
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = passwords.advice()

    def rules(self) -> Iterable[Rule]:
        return ((("password",), self._check_password),)

    def _check_password(self, password: str) -> None:
        policies.check_password(password, email=self.email, name=self.cleaned_data.get("name", ""))


class InviteForm(CheckedForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("An address that the person uses for the agency only."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The second administrator and the auditor read this.")
    )

    def rules(self) -> Iterable[Rule]:
        return ((("email",), policies.check_email),)


class ChangeForm(CheckedForm):
    kind = forms.ChoiceField(label=_("What should change"), choices=KIND_CHOICES, widget=forms.RadioSelect)
    role = forms.ChoiceField(
        label=_("New role"),
        choices=[("", _("No change")), *ROLE_CHOICES],
        required=False,
        help_text=_("Only when the role changes."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The second administrator and the auditor read this.")
    )

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def rules(self) -> Iterable[Rule]:
        return (
            (("kind", "role"), partial(policies.check_role, account=self.account)),
            ((), partial(policies.check_none_open, self.account)),
        )


class SuspendForm(CheckedForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Why you think that somebody else uses it. The second administrator and the auditor read this."),
    )


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120)
    call_back_number = forms.CharField(
        label=_("Call-back number"),
        max_length=32,
        required=False,
        help_text=_("Owners call it to check that a request is real."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


PUBLIC_CHOICES = [
    (Role.RESIDENT.value, _("A resident: cameras at home")),
    (Role.BUSINESS.value, _("A business or other organization")),
]


class _AddressForm:
    address_field = "email"
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.address_field].label = _("E-mail address")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_AddressForm, account_forms.LoginForm):  # type: ignore[misc]
    address_field = "login"
    is_public = forms.BooleanField(
        label=_("This is a public computer: don't remember it"),
        required=False,
        help_text=_(
            "We remember your own browser, so that strangers who guess can't keep you out. "
            "It does not keep you signed in."
        ),
    )
    field_order = ["login", "password", "is_public"]

    def _clean_with_password(self, credentials: dict[str, Any]) -> Any:
        """Accept any password if a mailed code is due: the next page asks for the code; wrong passwords fail there."""
        try:
            return super()._clean_with_password(credentials)
        except ValidationError:
            if not tries.is_demanded(self.request):
                raise
            self._login = Login(user=None, email=credentials["email"])
            return self.cleaned_data

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        request.session[PUBLIC_COMPUTER] = self.cleaned_data["is_public"]
        response: HttpResponse = super().login(request, redirect_url=redirect_url)
        return response


class ForgottenPasswordForm(_AddressForm, account_forms.ResetPasswordForm):  # type: ignore[misc]
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        if tries.spend_reset_mail(request, email):
            super().save(request, **kwargs)
        return email


class ChangeEmailForm(_AddressForm, account_forms.AddEmailForm):  # type: ignore[misc]
    """Another address for an account."""


class SignUpForm(_AddressForm, AdvisedPassword, account_forms.SignupForm):  # type: ignore[misc]
    role = forms.ChoiceField(
        label=_("You register as"), choices=PUBLIC_CHOICES, widget=forms.RadioSelect, initial=Role.RESIDENT.value
    )
    field_order = ["role", "email", "password1"]
    account_already_exists: bool

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        if role not in PUBLIC_ROLES:
            raise ValidationError(_("Choose resident or business."))
        return role

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account, or answer as if made: nobody learns who has an account. Replaces one never confirmed."""
        if self.account_already_exists and accounts.delete_unconfirmed(email=self.cleaned_data["email"], by=VISITOR):
            self.account_already_exists = False
        try:
            with transaction.atomic():
                return self._saved(request)
        except IntegrityError:  # somebody else took the address a moment ago
            self.account_already_exists = True
            return self._saved(request)

    def _saved(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        nobody = User()
        if self.account_already_exists:
            nobody.set_password(self.cleaned_data["password1"])  # takes as long as making an account
        user, answer = super().try_save(request)
        if user is None:
            unfinished.keep(request, role=self.cleaned_data["role"], password=nobody.password)
        return user, answer


class OtherAddressForm(SignUpForm):
    """Another address for an unconfirmed sign-up. begun: the values typed into the sign-up form."""

    def __init__(self, *args: Any, begun: unfinished.SignUp, **kwargs: Any) -> None:
        super().__init__(*args, initial={"email": begun.email}, **kwargs)
        self.begun = begun
        for name in ("role", "password1"):
            del self.fields[name]

    def clean_email(self) -> str:
        """Return the address. Raises ValidationError within three minutes of a mail to it; allauth would send none."""
        email: str = super().clean_email()
        request = context.request
        if email != self.begun.email and not consume_email_verification_rate_limit(request, email, dry_run=True):
            raise ValidationError(_("We sent a mail to this address a moment ago. Wait three minutes, then try again."))
        return email

    def begin(self, request: HttpRequest) -> HttpResponse:
        if self.cleaned_data["email"] == self.begun.email:
            return redirect("account_email_verification_sent")
        self.cleaned_data["role"] = self.begun.role
        unfinished.end(request)
        user, answer = self.try_save(request)
        if answer is None:
            answer = complete_signup(request, user=user, redirect_url=self.begun.next_page or None)
        return answer

    def _saved(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        user, answer = account_forms.SignupForm.try_save(self, request)
        if user is None:
            unfinished.keep(request, role=self.begun.role, password=self.begun.password, next_page=self.begun.next_page)
        else:
            user.password = self.begun.password
            user.save(update_fields=["password"])
        return user, answer


class PeopleSearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name, e-mail address, badge, role or state"),
        required=False,
        max_length=120,
        widget=forms.TextInput(),
    )

    def typed(self) -> str:
        return str(self.cleaned_data.get("q", "")) if self.is_valid() else ""
