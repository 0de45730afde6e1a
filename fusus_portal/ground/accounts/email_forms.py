from typing import Any

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm, SignupForm
from allauth.account.internal.flows.email_verification import consume_email_verification_rate_limit
from allauth.account.internal.flows.signup import complete_signup
from allauth.account.models import Login
from allauth.core import context
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from audit.log.actors import VISITOR
from fusus_portal.ground.accounts.forms import AdvisedPassword
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import PUBLIC_ROLES, Role
from fusus_portal.ground.accounts.services import unconfirmed
from fusus_portal.ground.accounts.sign_in import mailed_codes, tries, unfinished
from fusus_portal.ground.accounts.sign_in.adapters import PUBLIC_COMPUTER

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


class SignInForm(_AddressForm, LoginForm):  # type: ignore[misc]
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
        """Accept any password if a mailed code is due: the code page comes next, and wrong passwords fail there."""
        try:
            return super()._clean_with_password(credentials)
        except ValidationError:
            if not mailed_codes.is_demanded(self.request):
                raise
            self._login = Login(user=None, email=credentials["email"])
            return self.cleaned_data

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        request.session[PUBLIC_COMPUTER] = self.cleaned_data["is_public"]
        response: HttpResponse = super().login(request, redirect_url=redirect_url)
        return response


class ForgottenPasswordForm(_AddressForm, ResetPasswordForm):  # type: ignore[misc]
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        if tries.spend_reset_mail(request, email):
            super().save(request, **kwargs)
        return email


class ChangeEmailForm(_AddressForm, AddEmailForm):  # type: ignore[misc]
    """Another address for an account."""


class SignUpForm(_AddressForm, AdvisedPassword, SignupForm):  # type: ignore[misc]
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
        """Make the account, or answer as if: nobody learns which addresses have one. Replaces unconfirmed ones."""
        if self.account_already_exists and unconfirmed.make_room(email=self.cleaned_data["email"], by=VISITOR):
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
    """Another address for an unconfirmed sign-up. begun: the earlier form's values."""

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
        user, answer = SignupForm.try_save(self, request)
        if user is None:
            unfinished.keep(request, role=self.begun.role, password=self.begun.password, next_page=self.begun.next_page)
        else:
            user.password = self.begun.password
            user.save(update_fields=["password"])
        return user, answer
