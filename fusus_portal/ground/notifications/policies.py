import hmac
from datetime import timedelta

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from fusus_portal.ground.notifications.models import CODE_TRIES, StoppedNumber, TextNumber

CODE_LIFE = timedelta(minutes=10)
CODE_MINUTES = CODE_LIFE // timedelta(minutes=1)
CODE_DIGITS = 6
COUNTRY = "US"
MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
"""Types of numbers taken as mobile: U.S. numbers don't tell the two apart; the provider reports landlines later."""


def check_number(typed: str) -> str:
    """Return a U.S. number as +12055550117. Raises ValidationError on "number"."""
    sentence = _("Type a mobile number of the United States with ten digits, for example 205-555-0117.")
    try:
        parsed = phonenumbers.parse(typed, COUNTRY)
    except NumberParseException:
        raise ValidationError({"number": sentence}) from None
    is_ours = phonenumbers.is_valid_number_for_region(parsed, COUNTRY) and not parsed.extension
    if not is_ours or phonenumbers.number_type(parsed) not in MOBILE:
        raise ValidationError({"number": sentence})
    return str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))


def check_e164(number: str) -> None:
    if check_number(number) != number:
        raise ValidationError("no number as it is stored")


def check_not_stopped(number: str) -> None:
    if StoppedNumber.objects.filter(digest=digest_of(number)).exists():
        raise ValidationError(
            {"number": _("This number has answered STOP to our texts. Text START to the number they came from first.")}
        )


def check_wishes(requests: bool, looks: bool) -> None:
    if not (requests or looks):
        raise ValidationError({"requests": _("Choose at least one.")})


def check_code_lives(number: TextNumber) -> None:
    if number.tries >= CODE_TRIES:
        raise ValidationError({"code": _("That was the last try. Have a new code sent.")})
    if timezone.now() >= number.code_at + CODE_LIFE:
        sentence = _("This code was good for %(minutes)d minutes. Have a new one sent.")
        raise ValidationError({"code": sentence % {"minutes": CODE_MINUTES}})


def is_code(number: TextNumber, typed: str) -> bool:
    """True if a person typed the number's code; spaces and dashes do not matter."""
    digits = "".join(letter for letter in typed if letter.isdigit())
    return hmac.compare_digest(digits.encode(), code_of(number).encode())


def code_of(number: TextNumber) -> str:
    made = salted_hmac("notifications.text_code", f"{number.pk} {number.number} {number.code_seed}", algorithm="sha256")
    return f"{int(made.hexdigest(), 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def digest_of(number: str) -> str:
    """Return the keyed digest of a phone number, for rows that do not store the number."""
    return salted_hmac("notifications.number", number, algorithm="sha256").hexdigest()
