"""Registering, changing contact details, downloading own data, and leaving."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services import text_numbers
from registry import hooks
from registry.incidents.models.incidents import Incident
from registry.people import locks
from registry.people.models import ContactWay, Registrant, RegistrantKind
from registry.people.selectors.own_data import Holdings, holdings_of
from registry.people.services import agreements, departures, drafts
from registry.places.policies import check_no_way_in
from registry.places.services import cameras as camera_services
from registry.places.services import premises as premises_services
from registry.places.services.cameras import CameraDetails
from registry.places.services.premises import NewPremises

OF_A_BUSINESS = ("contact_person", "second_phone", "hours")
CONTACT = ("kind", "name", "phone", "language", "contact_way", *OF_A_BUSINESS)


@dataclass(frozen=True, slots=True)
class Reach:
    """Ways to reach a registrant besides by e-mail. The last three are a business's, and may be empty."""

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
    place: NewPremises,
    cameras: Sequence[CameraDetails],
    reach: Reach = Reach(),
    documents: Collection[UUID] | None = None,
) -> Registrant:
    """Register a person or business with one place and its cameras, all or nothing. Free (promise R1).

    language: of messages, "en" or "es". documents: versions of terms and privacy statement that the person agreed to;
    without them the profile asks. Raises ValidationError by field, Refused for an account of the agency, Stale when a
    newer version was published meanwhile.
    """
    _check_who_and_what(by, cameras)
    located = premises_services.locate(place)
    with transaction.atomic():
        if Registrant.objects.filter(user=by).exists():
            raise ValidationError(_already())
        registrant = _create(by, kind=kind, name=name, phone=phone, language=language, reach=reach)
        agreed = agreements.write_in_force(registrant=registrant, documents=documents)
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
        drafts.erase(user=by)
        _confirm(registrant, cameras=len(cameras))
    return registrant


def _check_who_and_what(by: User, cameras: Sequence[CameraDetails]) -> None:
    demand(by, Permission.OWN_REGISTRATION)
    if not cameras:
        raise ValidationError({"cameras": _("Add at least one camera.")})


def change(
    *, registrant: Registrant, by: User, kind: str, name: str, phone: str, language: str, reach: Reach | None = None
) -> Registrant:
    """Change contact details (promise R8). The entry names the fields, never their content. reach: None keeps it."""
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
        locked.full_clean(exclude=["user"], validate_unique=False)
        locked.save(update_fields=changed)
        _let_account_follow(locked)
        record(
            event=Event.REGISTRANT_CHANGED,
            actor=by.actor,
            subject=locked.subject,
            facts={"fields": " ".join(changed)},
        )
    return locked


def export(*, registrant: Registrant, by: User) -> None:
    """Record a download of own data; the file is made once the entry is committed (promise R5)."""
    with transaction.atomic():
        locked = locks.own_registrant(registrant.pk, by=by)
        record(event=Event.REGISTRANT_EXPORTED, actor=by.actor, subject=locked.subject)


def leave(*, registrant: Registrant, by: User) -> Holdings:
    """End a registration and its account, all or nothing (promise R12). Returns the counts for the receipt.

    Places, cameras, contact details, their history, sign-ins and unsent messages are deleted; requests that wait are
    withdrawn and their links end. Given footage stays, with its giver. Raises NotYours for another's registration, and
    for one that has ended already; Stale when requests keep arriving in the same moment.
    """

    def act(locked: Registrant, incidents: Sequence[Incident]) -> Holdings:
        return end(registrant=locked, by=by, incidents=incidents)

    return departures.with_all_locked(registrant=registrant.pk, by=by, act=act)


def end(*, registrant: Registrant, by: User, incidents: Sequence[Incident], moved_to: str = "") -> Holdings:
    """End a registration with all its locked dependents, inside the caller's transaction.

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


def _confirm(registrant: Registrant, *, cameras: int) -> None:
    notifications.send(
        kind=MessageKind.REGISTRATION_CONFIRMED,
        to=registrant,
        about=registrant.subject,
        context={"registrant": str(registrant.pk), "cameras": cameras},
    )


def _let_account_follow(registrant: Registrant) -> None:
    is_business = registrant.kind == RegistrantKind.BUSINESS
    accounts.follow(account=registrant.user, language=registrant.language, is_business=is_business)


def _contact(*, reach: Reach | None, **who: str) -> dict[str, str]:
    written = {**who, **(asdict(reach) if reach else {})}
    tidy = {field: " ".join(written[field].split()) for field in CONTACT if field in written}
    check_no_way_in(tidy)
    return tidy


def _create(user: User, *, reach: Reach, **who: str) -> Registrant:
    registrant = Registrant(user=user, **_contact(reach=reach, **who))
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
