"""Times as a form sends them."""

from datetime import datetime

from django.utils import timezone


def typed(at: datetime) -> str:
    """Return a moment as it was typed: with its offset in the hour that comes twice, in which a page asks for it."""
    local = timezone.localtime(at)
    is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%Y-%m-%dT%H:%M%z}" if is_twice else f"{local:%Y-%m-%dT%H:%M}"
