from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib.auth.tokens import PasswordResetTokenGenerator

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


class ResetTokens(PasswordResetTokenGenerator):
    """Reset tokens outlive a sign-in, unlike Django's: the old password must not end the owner's link."""

    def _make_hash_value(self, user: "AbstractBaseUser", timestamp: int) -> str:
        addresses = EmailAddress.objects.filter(user_id=user.pk).order_by("email").values_list("email", flat=True)
        return "|".join([str(user.pk), user.password, str(timestamp), *addresses])
