"""A system check (`manage.py check`): each kind of message has its class, and its text."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.template.loader import TemplateDoesNotExist, get_template

from fusus_portal.ground.notifications.kinds import MessageKind, all_kinds


@register()
def kinds_of_messages(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Report kinds of which no class says anything, and mails without a text."""
    known = all_kinds()
    unknown = [name.value for name in MessageKind if name not in {kind.name for kind in known}]
    silent = [kind.name.value for kind in known if kind.mailed and not _has_text(kind.name)]
    return [
        *(Error(f"no class is about messages of kind {name!r}", id="notifications.E001") for name in unknown),
        *(Error(f"there is no templates/messages/{name}.txt", id="notifications.E002") for name in silent),
    ]


def _has_text(name: str) -> bool:
    try:
        get_template(f"messages/{name}.txt")
    except TemplateDoesNotExist:
        return False
    return True
