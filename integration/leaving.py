"""Integration's part in leaving the registry."""

from django.utils.translation import ngettext

from integration.selectors.agreements import SIGNED, kept_of
from integration.services.agreements import end_for_leaver
from registry import outliving
from registry.outliving import Part


def register() -> None:
    """Add it."""
    outliving.register(Part(SIGNED, end_for_leaver, kept_of, signed))


def signed(number: int) -> str:
    """Return the line about signed agreements that stay."""
    line = ngettext(
        "One sharing agreement that your business signed, with the name and position of whoever signed: so that it "
        "can be shown what was agreed to. It ends with your registration, and nothing is shared any more. Kept until "
        "%%(day)s.",
        "%(number)d sharing agreements that your business signed, with the name and position of whoever signed: so "
        "that it can be shown what was agreed to. They end with your registration, and nothing is shared any more. "
        "Kept until %%(day)s.",
        number,
    )
    return line % {"number": number}
