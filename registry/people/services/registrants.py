"""Registrations: begun, made, agreed to, changed, downloaded, ended; and accounts without one, closed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import Line, record, record_many
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.agency.models import Document
from fusus_portal.ground.agency.policies import newer
from fusus_portal.ground.agency.selectors import in_force
from fusus_portal.ground.lifecycle import Stale, find_or_refuse
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications, text_numbers
from registry.incidents.models import Incident
from registry.people.policies import check_calls
from registry.people.selectors import Holdings, holdings_of
from registry.people.services import departures
from registry.places import hooks
from registry.places.policies import check_no_way_in
from registry.places.services import cameras as camera_services, premises as premises_services
from registry.registrants import locks
from registry.registrants.models import Agreement, ContactWay, Registrant, RegistrantKind, RegistrationDraft
from registry.rules import DRAFT_KEPT, DRAFT_REMIND_AFTER

OF_A_BUSINESS = ("contact_person", "second_phone", "hours")
CONTACT = ("kind", "name", "phone", "language", "contact_way", *OF_A_BUSINESS)


@dataclass(frozen=True, slots=True)
class Reach:
    """Ways to reach a registrant. contact_person, second_phone, hours: of a business, or ""."""

    contact_way: str = ContactWay.EMAIL
    contact_person: str = ""
    second_phone: str = ""
    hours: str = ""

    @staticmethod
    def typed(contact: Mapping[str, Any]) -> "Reach":
        way = ContactWay.CALL if contact.get("may_call") else ContactWay.EMAIL
        return Reach(way, *(contact.get(field, "") for field in OF_A_BUSINESS))

    @staticmethod
    def of(registrant: Registrant) -> "Reach":
        return Reach(registrant.contact_way, registrant.contact_person, registrant.second_phone, registrant.hours)


def register(
    *,
    by: User,
    kind: str,
    name: str,
    phone: str,
    language: str,
    place: premises_services.NewPremises,
    cameras: Sequence[camera_services.CameraDetails],
    reach: Reach = Reach(),
    documents: Collection[UUID] | None = None,
) -> Registrant:
    """Register a person or business with one place and its cameras, all or nothing. Free (promise R1).

    language: "en" or "es". documents: versions of terms and privacy statement that the person agreed to; without them
    the profile asks. Raises ValidationError by field, Refused for the agency, Stale when a newer version is in force.
    """
    demand(by, Permission.OWN_REGISTRATION)
    if not cameras:
        raise ValidationError({"cameras": _("Add at least one camera.")})
    located = premises_services.locate(place)
    with transaction.atomic():
        if Registrant.objects.filter(user=by).exists():
            raise ValidationError(_already())
        registrant = _create_registrant(by, kind=kind, name=name, phone=phone, language=language, reach=reach)
        agreed = _write_agreements_in_force(registrant=registrant, documents=documents)
        premises = premises_services.write(registrant=registrant, place=place, located=located, actor=by.actor)
        camera_services.write(premises=premises, cameras=cameras, actor=by.actor)
        record(
            event=Event.REGISTRANT_REGISTERED,
            actor=by.actor,
            subject=registrant.subject,
            **premises.in_log,
            facts={"cameras": len(cameras), **agreed},
        )
        for dependent in hooks.registrants:
            dependent.registered(by)
        _erase_draft(user=by)
        _send_confirmation(registrant, cameras=len(cameras))
    return registrant


def change(
    *, registrant: Registrant, by: User, kind: str, name: str, phone: str, language: str, reach: Reach | None = None
) -> Registrant:
    """Change contact details (promise R8). The entry names the fields, not their content. reach: None for no change."""
    with transaction.atomic():
        locked = locks.own_registrant(registrant.pk, by=by)
        wanted = _contact(kind=kind, name=name, phone=phone, language=language, reach=reach)
        changed = [field for field, value in wanted.items() if getattr(locked, field) != value]
        if not changed:
            return locked
        if "kind" in changed and (why := hooks.why_business(locked)):
            raise ValidationError({"kind": why})
        for field in changed:
            setattr(locked, field, wanted[field])
        check_calls(locked.phone, locked.contact_way == ContactWay.CALL)
        locked.full_clean(exclude=["user"], validate_unique=False)
        locked.save(update_fields=changed)
        _let_account_follow(locked)
        facts = {"fields": " ".join(changed)}
        record(event=Event.REGISTRANT_CHANGED, actor=by.actor, subject=locked.subject, facts=facts)
    return locked


def export(*, registrant: Registrant, by: User) -> None:
    """Record that an owner downloads their data; the file is made once the entry is committed (promise R5)."""
    with transaction.atomic():
        locked = locks.own_registrant(registrant.pk, by=by)
        record(event=Event.REGISTRANT_EXPORTED, actor=by.actor, subject=locked.subject)


def leave(*, registrant: Registrant, by: User) -> Holdings:
    """End a registration and its account, all or nothing (promise R12). Returns the counts for the receipt.

    Places, cameras, contact details, their history, sign-ins and unsent messages are deleted; requests that wait are
    withdrawn and their links end. Given footage stays, with its giver. Raises NotYours for another's registration, and
    for one that has ended already; Stale when requests keep arriving in the same moment.
    """
    return departures.with_all_locked(
        registrant=registrant.pk, by=by, act=lambda own, incidents: end(registrant=own, by=by, incidents=incidents)
    )


def end(*, registrant: Registrant, by: User, incidents: Sequence[Incident], moved_to: str = "") -> Holdings:
    """End a registration with all that depends on it, inside the caller's transaction, with all locked.

    moved_to: FIPS code of the new county of a person who moves; the receipt names its agency.
    """
    held = holdings_of(registrant, moved_to=moved_to)
    departures.erase(registrant=registrant, incidents=incidents, actor=by.actor)
    text_numbers.forget(account=by)
    accounts.erase(account=by, by=by.actor)
    numbers = {"places": held.places, "cameras": held.cameras, "files": held.files}
    record(event=Event.REGISTRANT_LEFT, actor=by.actor, subject=registrant.subject, facts=numbers)
    notifications.withdraw_to(address=by.email)
    for dependent in hooks.registrants:
        dependent.left(by)
    notifications.send(
        kind=MessageKind.REGISTRATION_ENDED,
        to=by,
        language=registrant.language,
        about=registrant.subject,
        context=held.facts(),
    )
    return held


def _send_confirmation(registrant: Registrant, *, cameras: int) -> None:
    context: dict[str, str | int] = {"registrant": str(registrant.pk), "cameras": cameras}
    kind = MessageKind.REGISTRATION_CONFIRMED
    notifications.send(kind=kind, to=registrant, about=registrant.subject, context=context)


def _let_account_follow(registrant: Registrant) -> None:
    is_business = registrant.kind == RegistrantKind.BUSINESS
    accounts.copy_from_registration(account=registrant.user, language=registrant.language, is_business=is_business)


def _contact(*, reach: Reach | None, **who: str) -> dict[str, str]:
    written = {**who, **(asdict(reach) if reach else {})}
    tidy = {field: " ".join(written[field].split()) for field in CONTACT if field in written}
    check_no_way_in(tidy)
    return tidy


def _create_registrant(user: User, *, reach: Reach, **who: str) -> Registrant:
    registrant = Registrant(user=user, **_contact(reach=reach, **who))
    check_calls(registrant.phone, registrant.contact_way == ContactWay.CALL)
    registrant.full_clean(exclude=["user"], validate_unique=False)
    try:
        with transaction.atomic():
            registrant.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(_already()) from error
    _let_account_follow(registrant)
    return registrant


def _already() -> str:
    return _("You are already registered. Add places and cameras on your profile page.")


def agree(*, registrant: Registrant, by: User, documents: Collection[UUID]) -> None:
    """Record a person's consent to the documents in force. Doing it twice has one effect.

    documents: ids of those shown. Raises NotYours, and Stale when a newer version came in between.
    """
    with transaction.atomic():
        locked = locks.own_registrant(registrant.pk, by=by)
        current = {document.pk: document for document in in_force()}
        if not documents or set(documents) - current.keys():
            raise Stale(newer(), subject=locked.subject)
        known = set(Agreement.objects.filter(registrant=locked).values_list("document_id", flat=True))
        new = [current[pk] for pk in current if pk in documents and pk not in known]
        if new:
            facts = _write_agreements(registrant=locked, documents=new)
            record(event=Event.REGISTRANT_AGREED, actor=by.actor, subject=locked.subject, facts=facts)


def _write_agreements_in_force(*, registrant: Registrant, documents: Collection[UUID] | None) -> dict[str, int | str]:
    """Write the consent given at registering; return it as facts of the entry.

    documents: ids of those shown, None if the person was asked nothing. Raises Stale unless they are those in force.
    """
    if documents is None:
        return {}
    current = in_force()
    if set(documents) != {document.pk for document in current}:
        raise Stale(newer())
    return _write_agreements(registrant=registrant, documents=current)


def _write_agreements(*, registrant: Registrant, documents: Collection[Document]) -> dict[str, int | str]:
    """Write a person's consent to documents; return it as facts of the entry."""
    Agreement.objects.bulk_create(Agreement(registrant=registrant, document=document) for document in documents)
    return {document.kind: document.number for document in documents}


DRAFT_REMINDER = "registry.remind_drafts"
DRAFT_EXPIRER = "registry.expire_drafts"
DRAFTS_AT_ONCE = 500


def keep_draft(*, by: User, step: str, typed: Any, forget: Iterable[str] = ()) -> RegistrationDraft:
    """Keep the values of one step of registering, and forget other steps that no longer fit.

    Only the beginning is an entry. Raises Refused for the agency, Stale for somebody who has registered meanwhile.
    """
    demand(by, Permission.OWN_REGISTRATION)
    with transaction.atomic():
        draft, begun = RegistrationDraft.objects.select_for_update().get_or_create(user=by)
        if Registrant.objects.filter(user=by).exists():
            raise Stale(_already())
        kept = {name: value for name, value in draft.typed.items() if name not in set(forget)}
        draft.typed = {**kept, step: typed}
        draft.touched_at = timezone.now()
        draft.expires_at = draft.touched_at + DRAFT_KEPT
        draft.save(update_fields=["typed", "touched_at", "expires_at"])
        if begun:
            record(event=Event.DRAFT_BEGUN, actor=by.actor, subject=draft.subject)
    return draft


def discard_draft(*, by: User) -> None:
    with transaction.atomic():
        for draft in _erase_draft(user=by):
            record(event=Event.DRAFT_DISCARDED, actor=by.actor, subject=draft.subject)


def _erase_draft(*, user: User) -> Sequence[RegistrationDraft]:
    """Delete an account's unfinished registration, inside the act that ends it; return it in a list."""
    drafts = list(RegistrationDraft.objects.select_for_update().filter(user=user))
    _delete_drafts(drafts)
    return drafts


def remind_due_drafts() -> int:
    """Remind each person of an unfinished registration once, after a day without progress; return how many."""
    return sum(iter(_remind_batch, 0))


def expire_due_drafts() -> int:
    """Delete the unfinished registrations that nobody continued for 30 days, in batches; return how many."""
    return sum(iter(_expire_batch, 0))


@transaction.atomic
def _remind_batch() -> int:
    now = timezone.now()
    rows = RegistrationDraft.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
    waiting = rows.filter(reminded_at__isnull=True, touched_at__lte=now - DRAFT_REMIND_AFTER, expires_at__gt=now)
    drafts = list(waiting.filter(user__is_active=True).order_by("touched_at", "pk")[:DRAFTS_AT_ONCE])
    RegistrationDraft.objects.filter(pk__in=[draft.pk for draft in drafts]).update(reminded_at=now)
    _record_drafts(Event.DRAFT_REMINDED, DRAFT_REMINDER, drafts)
    letters = []
    for draft in drafts:
        told = {"begun_at": draft.begun_at.isoformat(), "kept_until": draft.expires_at.isoformat()}
        letters.append(notifications.Letter(draft.user, draft.subject, told))
    notifications.send_many(kind=MessageKind.REGISTRATION_UNFINISHED, letters=letters)
    return len(drafts)


@transaction.atomic
def _expire_batch() -> int:
    rows = RegistrationDraft.objects.select_for_update(skip_locked=True)
    drafts = list(rows.filter(expires_at__lte=timezone.now()).order_by("expires_at", "pk")[:DRAFTS_AT_ONCE])
    _record_drafts(Event.DRAFT_EXPIRED, DRAFT_EXPIRER, drafts)
    _delete_drafts(drafts)
    return len(drafts)


def _record_drafts(event: Event, task: str, drafts: Sequence[RegistrationDraft]) -> None:
    if drafts:
        record_many(event=event, actor=task_actor(task), lines=[Line(draft.subject) for draft in drafts])


def _delete_drafts(drafts: Sequence[RegistrationDraft]) -> None:
    notifications.withdraw_many(subjects=[draft.subject for draft in drafts])
    RegistrationDraft.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()


def close_account(*, by: User) -> None:
    """Delete one's own account, its draft of a registration, and its unsent messages.

    Raises Refused for the agency, Stale for somebody who has registered meanwhile, NotYours for a closed account.
    """
    demand(by, Permission.OWN_REGISTRATION, subject=by.subject)
    with transaction.atomic():
        own = User.objects.select_for_update().filter(pk=by.pk)
        find_or_refuse(own, _("There is no such account."), subject=by.subject)
        if Registrant.objects.filter(user=by).exists():
            raise Stale(_("You are registered. Leaving the registry ends the account, too."), subject=by.subject)
        accounts.erase(account=by, by=by.actor)
        notifications.withdraw_to(address=by.email)
        for dependent in hooks.registrants:
            dependent.account_closed(by)
        record(event=Event.ACCOUNT_CLOSED, actor=by.actor, subject=by.subject)
