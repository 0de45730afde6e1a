"""How a period of the books was held against the payment service."""

from shop.models import BookCheck
from shop.periods import Period


def latest(period: Period) -> BookCheck | None:
    """Return the last check of exactly these days, None for none."""
    return BookCheck.objects.filter(first=period.first, last=period.last).order_by("-asked_at").first()
