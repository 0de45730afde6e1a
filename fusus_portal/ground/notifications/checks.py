"""System checks (`manage.py check`): each kind of message has its class and its text."""

from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from fusus_portal.ground.notifications.kinds import MessageKind, all_kinds

TEXTS: Final = settings.BASE_DIR / "templates" / "messages"


@register()
def kinds_of_messages(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Report kinds without a class, and mails without a text."""
    known = {kind.name.value: kind for kind in all_kinds()}
    unknown = [name for name in MessageKind.values if name not in known]
    silent = [name for name, kind in known.items() if kind.mailed and not (TEXTS / f"{name}.txt").is_file()]
    return [
        *(Error(f"no class is about messages of kind {name!r}", id="notifications.E001") for name in unknown),
        *(Error(f"there is no templates/messages/{name}.txt", id="notifications.E002") for name in silent),
    ]
