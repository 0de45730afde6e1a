"""Password rules: long rather than odd (ASVS 6.2, CJIS IA-5)."""

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    UserAttributeSimilarityValidator,
    get_default_password_validators,
)
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.selectors import shown

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def advice() -> str:
    return " ".join(filter(None, (each.get_help_text() for each in get_default_password_validators())))


class LengthValidator:
    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < self.least:
            raise ValidationError(_("Use at least %(least)d characters.") % {"least": self.least})
        if len(password) > self.most:
            raise ValidationError(_("Use at most %(most)d characters.") % {"most": self.most})

    def get_help_text(self) -> str:
        """Return all of the advice, in one sentence: the other rules show only when they refuse."""
        sentence = _(
            "At least %(least)d characters, and no password from lists of stolen ones: a short sentence works well."
        )
        return sentence % {"least": self.least}


class StolenPasswordValidator(CommonPasswordValidator):
    def get_help_text(self) -> str:
        return ""


class OwnWordsValidator(UserAttributeSimilarityValidator):
    """Refuses a password that is nearly the person's name or address."""

    def get_help_text(self) -> str:
        return ""


class LocalWordsValidator:
    """Refuses a password that is little more than the names of agency and portal: fewer than eight other characters."""

    def validate(self, password: str, user: User | None = None) -> None:
        rest = password.lower()
        named = shown().name.lower().replace("'s", "").split()
        words = {*named, "fusus", "sheriff", "camera", "portal", "password"}
        for word in sorted(words, key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != password.lower() and len(rest) < 8:
            raise ValidationError(
                _("This is too easy to guess: most of it is a word such as “password” or the name of this office.")
            )

    def get_help_text(self) -> str:
        return ""


class ResetTokens(PasswordResetTokenGenerator):
    """Tokens of password resets. Unlike Django's, they outlive a sign-in: a thief's sign-in can't end the link."""

    def _make_hash_value(self, user: "AbstractBaseUser", timestamp: int) -> str:
        addresses = EmailAddress.objects.filter(user_id=user.pk).order_by("email").values_list("email", flat=True)
        return "|".join([str(user.pk), user.password, str(timestamp), *addresses])
