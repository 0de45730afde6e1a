"""The agency's data, seal, documents and messages, changed by administrators."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.agency import hooks, policies, seals, selectors, sentences
from fusus_portal.ground.agency.models import (
    WORDS_NOTICE,
    Agency,
    Announcement,
    Document,
    DocumentKind,
    MessageText,
    OneRow,
)
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications

Row = TypeVar("Row", bound=OneRow)


def change_one_row(*, model: type[Row], by: User, revision: int, values: Mapping[str, Any], event: Event) -> Row:
    """Change a table's only row. revision: as the person read it. Raises Refused, Stale, ValidationError by field."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        row = model.locked()
        policies.must_be_as_read(row, revision=revision)
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, values[name])
        row.revision += 1
        row.full_clean(validate_unique=False)
        row._history_user = by  # type: ignore[attr-defined]  # noqa: SLF001  (django-simple-history's way to say who)
        row.save(update_fields=[*changed, "revision"])
        # The names of columns, never their values.
        record(event=event, actor=by.actor, subject=row.subject, facts={"fields": " ".join(changed)})
    return row


def change_agency(*, by: User, revision: int, **values: Any) -> Agency:
    """Change columns of the agency's row. Raises as `change_one_row`."""
    row = change_one_row(model=Agency, by=by, revision=revision, values=values, event=Event.AGENCY_CHANGED)
    selectors.read_anew()
    return row


def change_seal(*, by: User, revision: int, seal: str) -> Agency:
    """Change the seal to a stored picture by digest; "" removes it. Raises ValidationError, and as `change_one_row`."""
    if seal and not seals.is_kept(seal):
        raise ValidationError({"seal": _("This picture is gone. Please send it again.")})
    row = change_one_row(model=Agency, by=by, revision=revision, values={"seal": seal}, event=Event.SEAL_CHANGED)
    selectors.read_anew()
    return row


TELLER = "agency.announce_words"


def _announce_version(*, name: str, number: int, actor: Actor) -> Announcement:
    """Announce a version by mail to the people who rely on its text, inside the act that publishes it.

    It is in force from midnight, two weeks later at least; at once if nobody relies on the version before.
    """
    [words] = [each for each in hooks.words if each.name == name]
    now, people = timezone.now(), list(words.relied())
    next_day = timezone.localtime(now + WORDS_NOTICE) + timedelta(days=1)
    holds_from = next_day.replace(hour=0, minute=0, second=0, microsecond=0) if people else now
    made = Announcement.objects.create(
        name=name, number=number, announced_at=now, holds_from=holds_from, told=len(people)
    )
    context = {"announcement": str(made.pk)}
    letters = [notifications.Letter(person, made.subject, context) for person in people]
    notifications.send_many(kind=MessageKind.WORDS_CHANGE, letters=letters)
    facts: dict[str, int | str] = {"name": name, "number": number, "told": len(people)}
    facts["holds_from"] = holds_from.isoformat(timespec="seconds")
    record(event=Event.WORDS_ANNOUNCED, actor=actor, subject=made.subject, facts=facts)
    return made


def announce_due_versions() -> int:
    """Announce new versions of texts that came with an update of the portal; return their number."""
    return sum(_announce_new(words) for words in hooks.words)


@transaction.atomic
def _announce_new(words: hooks.Words) -> int:
    missing = selectors.unannounced(words.name, words.number)
    for number in missing:
        _announce_version(name=words.name, number=number, actor=task_actor(TELLER))
    return len(missing)


def publish_document(
    *, by: User, kind: str, number: int, text_en: str, text_es: str, names_glass: bool = False
) -> Document:
    """Publish and announce a version. number: one above the latest. Raises Refused, Stale, ValidationError by field."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        latest = Document.objects.select_for_update(no_key=True).filter(kind=kind).order_by("-number").first()
        if latest is None or latest.number + 1 != number:
            sentence = _("Another version was published since you opened this page. Nothing of yours was published.")
            raise Stale(sentence, subject=latest.subject if latest else None)
        if (text_en, text_es, names_glass) == (latest.text_en, latest.text_es, latest.names_glass):
            raise ValidationError({"text_en": _("Nothing differs from the version before.")})
        document = Document(
            kind=DocumentKind(kind),
            number=number,
            published_at=timezone.now(),
            publisher=by,
            text_en=text_en,
            text_es=text_es,
            names_glass=names_glass,
        )
        document.full_clean()
        document.save(force_insert=True)
        facts: dict[str, int | str] = {"kind": document.kind, "number": number}
        record(event=Event.DOCUMENT_PUBLISHED, actor=by.actor, subject=document.subject, facts=facts)
        _announce_version(name=document.kind, number=number, actor=by.actor)
    return document


def change_message_texts(*, by: User, kind: str, texts: Mapping[str, sentences.Added]) -> None:
    """Set the agency's sentences in one kind of message, by language. Raises Refused, ValidationError by field."""
    demand(by, Permission.ADMINISTER)
    sentences.check(texts, office=Agency.current())
    with transaction.atomic():
        changed = [
            language for language, added in texts.items() if _write_message_text(by, MessageKind(kind), language, added)
        ]
        if changed:
            facts = {"languages": " ".join(sorted(changed))}
            record(event=Event.MESSAGE_TEXT_CHANGED, actor=by.actor, subject=_message_subject(kind), facts=facts)


def reset_message_texts(*, by: User, kind: str) -> None:
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        rows = list(MessageText.objects.select_for_update().filter(kind=MessageKind(kind)))
        emptied = [row for row in rows if _write_message_text(by, MessageKind(kind), row.language, sentences.Added())]
        if emptied:
            record(event=Event.MESSAGE_TEXT_RESET, actor=by.actor, subject=_message_subject(kind))


def _write_message_text(by: User, kind: MessageKind, language: str, added: sentences.Added) -> bool:
    rows = MessageText.objects.select_for_update()
    row = rows.filter(kind=kind, language=language).first() or MessageText(kind=kind, language=language)
    if (row.opening, row.closing) == (added.opening, added.closing):
        return False
    row.opening, row.closing = added.opening, added.closing
    row._history_user = by  # type: ignore[attr-defined]  # noqa: SLF001  (django-simple-history's way to say who)
    row.save()
    return True


def _message_subject(kind: str) -> Subject:
    return Subject("message_text", str(kind))
