"""Rules about signing for a business, and about the agreement that a rule needs."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from integration.rules import LONGEST_SHARE
from integration.sharing.models import LONGEST_NAME, SharingAgreement
from integration.sharing.policies.consent import OLDER_WORDS, names_glass

HOUR = 3600


def check_signature(*, signer: str, title: str) -> tuple[str, str]:
    """Return the tidy name and position. Raises ValidationError by field."""
    tidy = {"signer": " ".join(signer.split()), "title": " ".join(title.split())}
    missing = {
        "signer": _("Write your full name."),
        "title": _("Write what you are in the business, for example owner or manager."),
    }
    wrong = {name: missing[name] for name, text in tidy.items() if not text}
    wrong |= {name: _("This is too long.") for name, text in tidy.items() if len(text) > LONGEST_NAME}
    if wrong:
        raise ValidationError(wrong)
    return tidy["signer"], tidy["title"]


def check_hours(hours: int) -> int:
    """Return the hours for which a camera may be shared at once. Raises ValidationError on "hours"."""
    most = int(LONGEST_SHARE.total_seconds() // HOUR)
    if not 1 <= hours <= most:
        raise ValidationError({"hours": _("Share for 1 to %(count)d hours at a time.") % {"count": most}})
    return hours


def check_glass(agreement: SharingAgreement | None) -> None:
    """Raise ValidationError on "allows_glass" unless the signed words name broken glass: owners read them first."""
    if agreement is None:
        raise ValidationError({"allows_glass": _("Sign the sharing agreement first. It says what broken glass is.")})
    if not names_glass(agreement):
        raise ValidationError({"allows_glass": str(OLDER_WORDS)})
