"""Hooks of the access log: mails to owners about looks."""

from fusus_portal.ground.notifications import kinds
from fusus_portal.ground.notifications.kinds import MessageKind
from registry.access_log import messages


def register() -> None:
    kinds.register(MessageKind.LOOKS_DIGEST, messages.looks_digest)
    kinds.register(MessageKind.FOOTAGE_LOOKED_AT, messages.footage_looked_at)
    kinds.register(MessageKind.MONTH_SUMMARY, messages.month_summary)
