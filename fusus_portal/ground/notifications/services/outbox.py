from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone

from audit.log.actors import Subject
from audit.log.services import MASKED, masked_facts
from fusus_portal.ground.database.writing import insert_many
from fusus_portal.ground.notifications import channels
from fusus_portal.ground.notifications.channels import email_channel
from fusus_portal.ground.notifications.channels.contract import Channel
from fusus_portal.ground.notifications.kinds import Context, MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.selectors import Recipient
from fusus_portal.ground.notifications.services import delivery
from fusus_portal.ground.notifications.states import MessageState

WRITTEN = (
    "id",
    "channel",
    "to",
    "language",
    "subject_kind",
    "subject_id",
    "context",
    "message_id",
    "waits_for",
    "queued_at",
    "offered_at",
    "next_attempt_at",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One of many messages of a kind, with the arguments of `send`."""

    to: Recipient | None
    about: Subject
    context: Context
    language: str = ""
    waits_for: int | None = None


def send(
    *,
    kind: MessageKind,
    to: Recipient | None,
    about: Subject,
    context: Context,
    language: str = "",
    waits_for: int | None = None,
) -> Message | None:
    """Write a message in the act's transaction, for delivery after the commit; return it, or None for to=None.

    Writes a mail, and a text too if the person wants one; returns the first. language: "" for the person's own.
    waits_for: id of the audit entry whose receipt it links to, or None. Raises RuntimeError outside a transaction,
    ValidationError for a missing or invalid address, ValueError for a link or secret in the context, TypeError for a
    value other than text and numbers, ImproperlyConfigured for a kind without a class.
    """
    written = send_many(kind=kind, letters=[Letter(to, about, context, language, waits_for)])
    return written[0] if written else None


def send_many(*, kind: MessageKind, letters: Iterable[Letter]) -> list[Message]:
    """Write all letters' messages in one statement; otherwise as `send`."""
    _must_be_in_act()
    kind_of(kind)
    messages = list(_messages(kind, [letter for letter in letters if letter.to is not None]))
    delivery.prepare(messages)
    insert_many(
        Message,
        shared={"kind": MessageKind(kind)},
        varying={name: [getattr(message, name) for message in messages] for name in WRITTEN},
    )
    return messages


def _messages(kind: MessageKind, letters: Sequence[Letter]) -> Iterator[Message]:
    people = [letter.to for letter in letters if letter.to is not None]
    for letter, reached in zip(letters, channels.addresses_of(people, kind), strict=True):
        for channel, address in reached:
            yield _message(kind, letter, channel, address)


def _message(kind: MessageKind, letter: Letter, channel: Channel, address: str) -> Message:
    pk, now = uuid4(), timezone.now()
    own = letter.to.language if letter.to else ""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    return Message(
        id=pk,
        kind=MessageKind(kind),
        channel=channel.name,
        to=address,
        language=email_channel.known_language(letter.language or own),
        subject_kind=letter.about.kind,
        subject_id=letter.about.id,
        context=_plain(letter.context),
        message_id=f"<{pk}@{domain}>",
        waits_for=letter.waits_for if channel.waits_for_seal else None,
        queued_at=now,
        next_attempt_at=now,
    )


def withdraw_many(
    *, subjects: Iterable[Subject], kind: MessageKind | None = None, but: MessageKind | None = None
) -> int:
    """Delete undelivered messages about subjects; return their number. Raises RuntimeError outside a transaction.

    kind: only of this kind. but: a kind that stays.
    """
    _must_be_in_act()
    wanted: dict[str, list[str]] = {}
    for subject in subjects:
        wanted.setdefault(subject.kind, []).append(subject.id)
    # A claimed one may still arrive.
    undelivered = Message.objects.exclude(state=MessageState.SENT)
    undelivered = undelivered.filter(kind=kind) if kind else undelivered
    undelivered = undelivered.exclude(kind=but) if but else undelivered
    return sum(undelivered.filter(subject_kind=kind, subject_id__in=ids).delete()[0] for kind, ids in wanted.items())


def withdraw_to(*, address: str) -> int:
    """Delete undelivered messages to an address or phone number; otherwise as `withdraw_many`."""
    _must_be_in_act()
    return Message.objects.exclude(state=MessageState.SENT).filter(to=address).delete()[0]


def readdress(*, old: str, new: str) -> int:
    """Move undelivered messages to a person's new address; otherwise as `withdraw_many`."""
    _must_be_in_act()
    return Message.objects.exclude(state=MessageState.SENT).filter(to=old).update(to=new)


def _must_be_in_act() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("messages are written and withdrawn inside the transaction of an act")


def _plain(context: Context) -> dict[str, str | int]:
    plain = masked_facts(context)
    unfit = [key for key, value in plain.items() if isinstance(value, str) and (MASKED in value or "://" in value)]
    if unfit:
        raise ValueError(f"a message keeps no link and no secret: {', '.join(unfit)}")
    return plain
