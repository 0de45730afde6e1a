from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def check_calls(phone: str, may_call: object) -> None:
    """Raise ValidationError on "phone" when deputies may call somebody who gave no number."""
    if may_call and not phone:
        raise ValidationError({"phone": _("Type a phone number, or take back that a deputy may call you.")})
