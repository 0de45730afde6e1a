"""Phone numbers for texts: confirmed by a code, ended by a button or STOP. Mail continues regardless."""

import secrets
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from audit.log.actors import VISITOR, VISITORS, Actor, ActorKind
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Other
from fusus_portal.ground.notifications import policies
from fusus_portal.ground.notifications.channels import provider
from fusus_portal.ground.notifications.channels.contract import AddressFault
from fusus_portal.ground.notifications.channels.text_channel import verdict_of
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import CODE_TRIES, By, Message, StoppedNumber, TextNumber
from fusus_portal.ground.notifications.services import outbox

PROVIDER: Final = Actor(ActorKind.TASK, "notifications.provider", role=Other.TASK)


def ask(*, by: User, number: str, requests: bool, looks: bool) -> TextNumber:
    """Replace a phone number and send the new one a code. Raises Refused, ValidationError by field, NotYours."""
    demand(by, Permission.OWN_REGISTRATION)
    _must_be_offered()
    dialed = policies.check_number(number)
    policies.check_not_stopped(dialed)
    policies.check_wishes(requests, looks)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two simultaneous presses run one after the other
        before = TextNumber.objects.select_for_update().filter(user=by).first()
        if before is not None:
            _drop(before)
        made = TextNumber.objects.create(
            user=by, number=dialed, requests=requests, looks=looks, code_seed=secrets.token_hex(16)
        )
        record(event=Event.TEXT_CODE_ASKED, actor=by.actor, subject=made.subject)
        outbox.send(kind=MessageKind.TEXT_CODE, to=by, about=made.subject, context={"number": str(made.pk)})
    return made


def confirm(*, by: User, code: str) -> TextNumber:
    """Turn texts on with the code sent to the number; wrong ones count. Raises ValidationError on "code", NotYours."""
    _must_be_offered()
    with transaction.atomic():
        number = _own(by)
        policies.check_code_lives(number)
        is_right = policies.is_code(number, code)
        if is_right:
            number.confirmed_at = timezone.now()
        else:
            number.tries += 1
        number.save(update_fields=["confirmed_at", "tries"])
        event = Event.TEXTS_TURNED_ON if is_right else Event.TEXT_CODE_WRONG
        record(event=event, actor=by.actor, subject=number.subject)
        if is_right:
            # Links go to that phone from now on.
            outbox.send(kind=MessageKind.TEXTS_ON, to=by, about=number.subject, context={"ending": number.number[-2:]})
    if not is_right:
        raise ValidationError({"code": _wrong(CODE_TRIES - number.tries)})
    return number


def choose(*, by: User, requests: bool, looks: bool) -> TextNumber:
    """Set the kinds of texts wanted. Raises ValidationError on "requests" for no kind, NotYours without a number."""
    policies.check_wishes(requests, looks)
    with transaction.atomic():
        number = _own(by)
        number.requests, number.looks = requests, looks
        number.save(update_fields=["requests", "looks"])
        wishes = {"requests": int(requests), "looks": int(looks)}
        record(event=Event.TEXTS_CHOSEN, actor=by.actor, subject=number.subject, facts=wishes)
    return number


def turn_off(*, by: User) -> None:
    with transaction.atomic():
        number = TextNumber.objects.select_for_update().filter(user=by).first()
        if number is not None:
            _drop(number)
            record(event=Event.TEXTS_TURNED_OFF, actor=by.actor, subject=number.subject)


def forget(*, account: User) -> None:
    number = TextNumber.objects.select_for_update().filter(user=account).first()
    if number is not None:
        _drop(number)


def stop(*, number: str) -> None:
    """Stop all texts to a number that answered STOP, for all accounts; repeating it is harmless."""
    now = timezone.now()
    with transaction.atomic():
        _row, is_new = StoppedNumber.objects.get_or_create(digest=policies.digest_of(number))
        rows = list(_rows(number).filter(stopped_at=None))
        TextNumber.objects.filter(pk__in=[row.pk for row in rows]).update(stopped_at=now)
        outbox.withdraw_to(address=number)
        for row in rows:
            record(event=Event.TEXTS_STOPPED, actor=_phone(row), subject=row.subject)
        if is_new and not rows:
            record(event=Event.TEXTS_STOPPED, actor=VISITOR, subject=VISITORS)


def start(*, number: str) -> None:
    with transaction.atomic():
        rows = list(_rows(number).filter(stopped_at__isnull=False))
        gone, _by_table = StoppedNumber.objects.filter(digest=policies.digest_of(number)).delete()
        TextNumber.objects.filter(pk__in=[row.pk for row in rows]).update(stopped_at=None)
        for row in rows:
            record(event=Event.TEXTS_RESUMED, actor=_phone(row), subject=row.subject)
        if gone and not rows:
            record(event=Event.TEXTS_RESUMED, actor=VISITOR, subject=VISITORS)


def note_failure(*, message: UUID, number: str, code: int) -> None:
    """Record once that a text did not arrive although the provider took it. code: the provider's, or 0."""
    says = f"not delivered, code {code}"
    with transaction.atomic():
        sent = Message.objects.select_for_update().filter(pk=message, channel=By.TEXT).exclude(fault=says).first()
        if sent is not None:
            sent.fault = says
            sent.save(update_fields=["fault"])
            facts: dict[str, int | str] = {"kind": sent.kind, "message": str(sent.pk), "code": code}
            record(event=Event.TEXT_NOT_DELIVERED, actor=PROVIDER, subject=sent.subject, facts=facts)
    apply_fault(number=number, verdict=verdict_of(code))


def apply_fault(*, number: str, verdict: AddressFault) -> None:
    if verdict is AddressFault.STOPPED:
        stop(number=number)
        return
    now = timezone.now()
    with transaction.atomic():
        rows = list(_rows(number))
        TextNumber.objects.filter(pk__in=[row.pk for row in rows]).update(failed_at=now)
        reached = [row for row in rows if row.unreachable_at is None]
        if verdict is AddressFault.UNREACHABLE and reached:
            TextNumber.objects.filter(pk__in=[row.pk for row in reached]).update(unreachable_at=now)
            outbox.withdraw_to(address=number)
            for row in reached:
                record(event=Event.TEXT_UNREACHABLE, actor=PROVIDER, subject=row.subject)


def _must_be_offered() -> None:
    if not provider.is_configured():
        raise NotYours(_("This office sends no text messages."))


def _own(by: User) -> TextNumber:
    number = TextNumber.objects.select_for_update().filter(user=by).first()
    if number is None:
        raise NotYours(_("You have given no number for text messages."), subject=by.subject)
    return number


def _rows(number: str) -> QuerySet[TextNumber]:
    return TextNumber.objects.select_for_update().filter(number=number).order_by("pk")


def _drop(number: TextNumber) -> None:
    outbox.withdraw_many(subjects=[number.subject], kind=MessageKind.TEXT_CODE)
    others = TextNumber.objects.filter(number=number.number, confirmed_at__isnull=False).exclude(pk=number.pk)
    if number.confirmed_at is not None and not others.exists():
        outbox.withdraw_to(address=number.number)
    TextNumber.objects.filter(pk=number.pk).delete()


def _phone(number: TextNumber) -> Actor:
    """Return the holder of a phone as an actor: nobody knows who holds it."""
    return Actor(ActorKind.LINK, str(number.pk), role=Other.LINK)


def _wrong(left: int) -> str:
    if not left:
        return _("That is not the code, and it was the last try. Have a new code sent.")
    return ngettext(
        "That is not the code. You have one more try.",
        "That is not the code. You have %(number)d more tries.",
        left,
    ) % {"number": left}
