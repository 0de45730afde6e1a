"""Forms of allauth that ask for an e-mail address, with the label that the portal's own forms have."""

from typing import Any

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm, SignupForm
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from audit.log.actors import VISITOR
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import PUBLIC_ROLES, Role
from fusus_portal.ground.accounts.services import unconfirmed

PUBLIC_CHOICES = [
    (Role.RESIDENT.value, _("A resident: cameras at home")),
    (Role.BUSINESS.value, _("A business or other organization")),
]


class _AddressForm:
    """Names the field of the address, and each field once, above it."""

    address_field = "email"
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.address_field].label = _("E-mail address")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_AddressForm, LoginForm):  # type: ignore[misc]
    """The first step of a sign-in."""

    address_field = "login"


class ForgottenPasswordForm(_AddressForm, ResetPasswordForm):  # type: ignore[misc]
    """Where the code goes with which a new password is chosen."""


class ChangeEmailForm(_AddressForm, AddEmailForm):  # type: ignore[misc]
    """Another address for an account."""


class SignUpForm(_AddressForm, SignupForm):  # type: ignore[misc]
    """Sign-up of residents and businesses, and of nobody else."""

    role = forms.ChoiceField(
        label=_("You register as"), choices=PUBLIC_CHOICES, widget=forms.RadioSelect, initial=Role.RESIDENT.value
    )
    field_order = ["role", "email", "password1"]
    account_already_exists: bool

    def clean_role(self) -> str:
        """Return the role; only public ones are on the list."""
        role: str = self.cleaned_data["role"]
        if role not in PUBLIC_ROLES:
            raise ValidationError(_("Choose resident or business."))
        return role

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account, or answer as if: nobody learns which addresses have one.

        An account that never confirmed the address makes room for this one.
        """
        if self.account_already_exists and unconfirmed.make_room(email=self.cleaned_data["email"], by=VISITOR):
            self.account_already_exists = False
        try:
            with transaction.atomic():
                return self._saved(request)
        except IntegrityError:  # somebody else took the address a moment ago
            self.account_already_exists = True
            return self._saved(request)

    def _saved(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])  # takes as long as making an account
        user, answer = super().try_save(request)
        return user, answer
