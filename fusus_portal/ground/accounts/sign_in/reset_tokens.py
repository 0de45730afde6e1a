"""What opens the link to a new password."""

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib.auth.tokens import PasswordResetTokenGenerator

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


class ResetTokens(PasswordResetTokenGenerator):
    """Tokens that end with the password and the addresses of an account, and with no sign-in.

    Django's end at the next sign-in, so that anybody who knows the old password would end the link of its owner.
    """

    def _make_hash_value(self, user: "AbstractBaseUser", timestamp: int) -> str:
        addresses = EmailAddress.objects.filter(user_id=user.pk).order_by("email").values_list("email", flat=True)
        return "|".join([str(user.pk), user.password, str(timestamp), *addresses])
