from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def check_length(text: str, *, most: int, field: str) -> None:
    if len(text) > most:
        sentence = _("Use at most %(most)d characters. These are %(count)d.")
        raise ValidationError({field: sentence % {"most": most, "count": len(text)}})
