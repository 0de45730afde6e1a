"""Short texts that somebody writes."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.lengths import check_length
from shop.models.catalogue import LONGEST_NAME


def check_text(field: str, text: str, *, longest: int = LONGEST_NAME, needed: bool = True) -> str:
    """Return a text without needless spaces. Raises ValidationError on its field."""
    tidy = " ".join(text.split())
    if needed and not tidy:
        raise ValidationError({field: _("Please fill this in.")})
    check_length(tidy, most=longest, field=field)
    return tidy
