from collections.abc import Mapping

from django.db import transaction

from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import sentences
from fusus_portal.ground.agency.models import Agency, MessageText
from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.notifications.kinds import MessageKind


def change(*, by: User, kind: str, texts: Mapping[str, Added]) -> None:
    """Set the agency's sentences, by language. Raises Refused, ValidationError by field ("opening_en", ...)."""
    demand(by, Permission.ADMINISTER)
    sentences.check(texts, office=Agency.current())
    with transaction.atomic():
        changed = [language for language, added in texts.items() if _write(by, MessageKind(kind), language, added)]
        if changed:
            facts = {"languages": " ".join(sorted(changed))}
            record(event=Event.MESSAGE_TEXT_CHANGED, actor=by.actor, subject=_subject(kind), facts=facts)


def reset(*, by: User, kind: str) -> None:
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        rows = list(MessageText.objects.select_for_update().filter(kind=MessageKind(kind)))
        emptied = [row for row in rows if _write(by, MessageKind(kind), row.language, Added())]
        if emptied:
            record(event=Event.MESSAGE_TEXT_RESET, actor=by.actor, subject=_subject(kind))


def _write(by: User, kind: MessageKind, language: str, added: Added) -> bool:
    rows = MessageText.objects.select_for_update()
    row = rows.filter(kind=kind, language=language).first() or MessageText(kind=kind, language=language)
    if (row.opening, row.closing) == (added.opening, added.closing):
        return False
    row.opening, row.closing = added.opening, added.closing
    row._history_user = by  # type: ignore[attr-defined]  # noqa: SLF001  (django-simple-history's way to say who)
    row.save()
    return True


def _subject(kind: str) -> Subject:
    return Subject("message_text", str(kind))
