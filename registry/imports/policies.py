from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from registry.imports.parser.columns import NEEDED, Field


def check_needed(columns: Mapping[str, int]) -> None:
    """Raise ValidationError by field for missing columns without which no row can be imported."""
    missing = {field.value for field in NEEDED} - columns.keys()
    if missing:
        raise ValidationError(dict.fromkeys(missing, _("Without this column no row can come in.")))


def check_columns(columns: Mapping[str, int], *, width: int) -> None:
    """Raise ValidationError by field for columns chosen twice, or beyond the `width` columns of the file."""
    wrong: dict[str, str] = {}
    for name, column in columns.items():
        if name not in Field.values or not 0 <= column < width:
            wrong[name] = _("There is no such column.")
        elif list(columns.values()).count(column) > 1:
            wrong[name] = _("This column is chosen twice.")
    if (Field.LATITUDE in columns) != (Field.LONGITUDE in columns):
        wrong[Field.LATITUDE.value] = _("Latitude and longitude need each other.")
    if wrong:
        raise ValidationError(wrong)


def email_digests(email: str) -> list[bytes]:
    """Return the keyed fingerprints of an e-mail address, from which it can't be read; the first by the key in use."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        salted_hmac("registry.left_out", email.strip().lower(), secret=key, algorithm="sha256").digest() for key in keys
    ]
