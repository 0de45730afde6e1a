"""How long a text may be that a person writes: asked and said one way."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def check_length(text: str, *, most: int, field: str) -> None:
    """Raise ValidationError on its field for a text of more characters."""
    if len(text) > most:
        sentence = _("Use at most %(most)d characters. These are %(count)d.")
        raise ValidationError({field: sentence % {"most": most, "count": len(text)}})
