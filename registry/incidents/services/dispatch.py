from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from audit.log.actors import VISITOR, Subject
from audit.log.events import Event
from audit.log.services import record, record_refusal
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts import policies as accounts
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts as account_services
from fusus_portal.ground.geo.points import Precision
from fusus_portal.ground.lifecycle import Stale
from registry.incidents import dispatch_format, hooks, locks as incident_locks
from registry.incidents.dispatch_format import Claims, Item, MalformedDelivery, NotSigned
from registry.incidents.models import (
    KEY_SLOTS,
    DeliveryWay,
    DispatchDelivery,
    DispatchKey,
    DispatchRecord,
    Incident,
    IncidentSource,
    IncidentType,
)
from registry.incidents.policies import dispatch
from registry.incidents.policies.dispatch import DispatchOutcome, Verdict
from registry.incidents.services import incidents


def _apply_report(*, item: Item, delivery: DispatchDelivery) -> Verdict:
    """Apply a checked report of dispatch to its incident, inside the transaction of the delivery."""
    found = _incident_by_number(dispatch.incident_number(item))
    incident = incident_locks.incident(found.pk) if found else None
    known = _record_by_id(delivery.source, item.id)
    outcome, problems = dispatch.judge(item, incident=incident, record=known, source=delivery.source)
    if outcome is DispatchOutcome.OPENED:
        incident = _open(item, delivery)
    if incident is None or outcome is DispatchOutcome.REFUSED:
        return outcome, problems
    if outcome is DispatchOutcome.UPDATED:
        _update(incident, item, delivery)
    elif outcome is DispatchOutcome.VERIFIED:
        _confirm(incident, delivery)
    if known is None or item.as_of > known.as_of:
        _remember(incident, item, delivery, differs=outcome is DispatchOutcome.DIFFERS)
    return outcome, problems


def settle_difference(*, dispatch_record: DispatchRecord, by: User) -> DispatchRecord:
    """Record that a person has looked at a difference from dispatch. Nothing is overwritten."""
    with transaction.atomic():
        rows = DispatchRecord.objects.select_for_update(of=("self",), no_key=True).select_related("incident__type")
        locked = rows.get(pk=dispatch_record.pk)
        dispatch.may_settle(by, locked)
        locked.settled_by, locked.settled_at = by, timezone.now()
        locked.save(update_fields=["settled_by", "settled_at"])
        incidents.note(Event.DISPATCH_SETTLED, locked.incident, by.actor)
    return locked


def _incident_by_number(number: str) -> Incident | None:
    return Incident.objects.select_related("type", "dispatch").filter(number=number).first()


def _record_by_id(source: str, external_id: str) -> DispatchRecord | None:
    rows = DispatchRecord.objects.select_related("incident__type")
    return rows.filter(source=source, external_id=external_id).first()


def _open(item: Item, delivery: DispatchDelivery) -> Incident:
    incident = Incident(
        number=dispatch.incident_number(item),
        source=IncidentSource.DISPATCH,
        type=IncidentType.objects.get(code=item.type),
        place=item.place,
        latitude=item.latitude,
        longitude=item.longitude,
        precision=Precision.PINNED,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        confirmed_by=delivery,
        confirmed_at=timezone.now(),
    )
    incident.save(force_insert=True)
    incidents.note(Event.INCIDENT_OPENED, incident, delivery.key.actor)
    incidents.note(Event.INCIDENT_VERIFIED, incident, delivery.key.actor)
    for follower in hooks.incidents:
        follower.confirmed(incident, delivery.key.actor)
    return incident


def _update(incident: Incident, item: Item, delivery: DispatchDelivery) -> None:
    """Write a new report over an incident that dispatch opened and nobody changed since."""
    changed = incidents.write(
        incident,
        point=dispatch.point_of(item),
        type=IncidentType.objects.get(code=item.type),
        place=item.place,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        goes_on=False,
    )
    incident.confirmed_by, incident.confirmed_at = delivery, timezone.now()
    incident.save()
    if changed:
        for follower in hooks.incidents:
            follower.changed(incident, delivery.key.actor)
            follower.confirmed(incident, delivery.key.actor)
        facts = {"changed": ", ".join(changed), "verification": "by dispatch"}
        incidents.note(Event.INCIDENT_CHANGED, incident, delivery.key.actor, **facts)


def _confirm(incident: Incident, delivery: DispatchDelivery) -> None:
    incident.confirmed_by, incident.confirmed_at = delivery, timezone.now()
    incident.save(update_fields=["confirmed_by", "confirmed_at"])
    for follower in hooks.incidents:
        follower.verified(incident, delivery.key.actor)
    incidents.note(Event.INCIDENT_VERIFIED, incident, delivery.key.actor)


def _remember(incident: Incident, item: Item, delivery: DispatchDelivery, *, differs: bool) -> None:
    now = timezone.now()
    DispatchRecord.objects.update_or_create(
        source=delivery.source,
        external_id=item.id,
        defaults={
            "incident": incident,
            "as_of": item.as_of,
            "said": {
                "type": item.type,
                "place": item.place,
                "latitude": item.latitude,
                "longitude": item.longitude,
                "starts_at": item.starts_at.isoformat(),
                "ends_at": item.ends_at.isoformat(),
            },
            "differs_at": now if differs else None,
            "settled_by": None,
            "settled_at": None,
        },
    )
    if differs:
        incidents.note(Event.DISPATCH_DIFFERS, incident, delivery.key.actor)


NO_SLOT = gettext_lazy("Two keys of this system are in use or proposed. Retire one first.")
TRIES = 2
"""Attempts to take a report: if somebody opens the same number at that moment, it is judged anew."""


class UnwantedDelivery(Exception):
    """A delivery refused as a whole. code: "not-signed", "malformed", "stale" or "replay". key: None if not signed."""

    def __init__(self, code: str, sentence: str, *, key: DispatchKey | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.key = key


class DeliveryResult(NamedTuple):
    """The result for one incident of a delivery. place: in the delivery's list, from 0. problems: field to sentence."""

    place: int
    id: str
    number: str
    outcome: DispatchOutcome
    problems: dict[str, str]


def take_delivery(*, token: str, by: User | None = None) -> tuple[DispatchDelivery, list[DeliveryResult]]:
    """Take a delivery: open, verify or update each incident that can be, and report on the others.

    token: the signed text. by: the person who brings it as a file; None if dispatch sends it. One transaction, so a
    delivery is taken once, or not at all. Raises UnwantedDelivery, Refused by role.
    """
    if by is not None:
        demand(by, Permission.IMPORT_DISPATCH)
    key, claims = _opened(token, within=dispatch.FILE_LIFE if by else dispatch.CLOCK_TOLERANCE)
    with transaction.atomic():
        delivery = _kept(key, claims, by)
        # One order for all deliveries, so that two of them lock their incidents one after the other.
        order = sorted(range(len(claims.items)), key=lambda place: _number_of(claims.items[place]))
        taken = (_result(place, claims.items[place], partial(_applied, delivery=delivery)) for place in order)
        results = sorted(taken, key=lambda result: result.place)
        delivery.refused = sum(result.outcome is DispatchOutcome.REFUSED for result in results)
        delivery.taken = len(results) - delivery.refused
        delivery.save(update_fields=["taken", "refused"])
        record(
            event=Event.DISPATCH_TAKEN,
            actor=by.actor if by else key.actor,
            subject=delivery.subject,
            facts={"key": key.key_id, "taken": delivery.taken, "refused": delivery.refused, "way": delivery.way},
        )
    return delivery, results


def preview_delivery(*, token: str, by: User) -> list[DeliveryResult]:
    """Return what taking a file would do. It changes nothing; the look is an entry. Raises as `take_delivery`."""
    demand(by, Permission.IMPORT_DISPATCH)
    key, claims = _opened(token, within=dispatch.FILE_LIFE)
    with transaction.atomic():
        if DispatchDelivery.objects.filter(source=claims.source, delivery=claims.delivery).exists():
            raise _replayed(key)
        foreseen = partial(_foreseen, source=claims.source)
        results = [_result(place, found, foreseen) for place, found in enumerate(claims.items)]
        record(
            event=Event.DISPATCH_PREVIEWED,
            actor=by.actor,
            subject=key.subject,
            facts={"key": key.key_id, "incidents": len(results)},
        )
    return results


def refuse_delivery(*, unwanted: UnwantedDelivery, by: User | None = None) -> None:
    """Record a refused delivery under the person who brought it, else under its key, else count it as a visitor's."""
    key = unwanted.key
    known = by.actor if by else key.actor if key else VISITOR
    subject = key.subject if key else Subject("dispatch-delivery", "")
    record_refusal(event=Event.DISPATCH_REFUSED, actor=known, subject=subject, facts={"code": unwanted.code})


def _opened(token: str, *, within: timedelta) -> tuple[DispatchKey, Claims]:
    try:
        key = DispatchKey.objects.filter(key_id=dispatch_format.key_id_of(token)).first()
        if key is None or not key.is_valid:
            raise NotSigned
        claims = dispatch_format.claims_of(token, key.public_key)
    except NotSigned as error:
        sentence = _(
            "The signature is not of a key that counts here. Sign with a key that two administrators accepted."
        )
        raise UnwantedDelivery("not-signed", sentence) from error
    except MalformedDelivery as error:
        raise UnwantedDelivery("malformed", str(error), key=key) from error
    if claims.source != key.source:
        raise UnwantedDelivery("malformed", _("“iss” must be the dispatch system that the key belongs to."), key=key)
    if not dispatch.is_fresh(claims, within=within):
        sentence = _("It was issued too long ago, or in the future. Set the clock of the sender, and sign it anew.")
        raise UnwantedDelivery("stale", sentence, key=key)
    return key, claims


def _kept(key: DispatchKey, claims: Claims, by: User | None) -> DispatchDelivery:
    try:
        with transaction.atomic():
            return DispatchDelivery.objects.create(
                key=key,
                source=claims.source,
                delivery=claims.delivery,
                way=DeliveryWay.FILE if by else DeliveryWay.HTTPS,
                uploaded_by=by,
            )
    except IntegrityError as error:
        raise _replayed(key) from error


def _replayed(key: DispatchKey) -> UnwantedDelivery:
    sentence = _("A delivery with this id was taken already. Give each delivery an id of its own.")
    return UnwantedDelivery("replay", sentence, key=key)


def _result(place: int, found: Any, judged: Callable[[Item], Verdict]) -> DeliveryResult:
    """Return the result for one incident of a delivery. judged: the verdict on a report that can be accepted."""
    try:
        item = dispatch_format.item_of(found)
    except MalformedDelivery as error:
        named = found if isinstance(found, dict) else {}
        name, number = (str(named.get(key, ""))[: dispatch_format.LONGEST_ID] for key in ("id", "number"))
        return DeliveryResult(place, name, number, DispatchOutcome.REFUSED, {"format": str(error)})
    try:
        dispatch.check(item)
    except ValidationError as error:
        problems = {field: " ".join(sentences) for field, sentences in error.message_dict.items()}
        return DeliveryResult(place, item.id, item.number, DispatchOutcome.REFUSED, problems)
    return DeliveryResult(place, item.id, item.number, *judged(item))


def _applied(item: Item, delivery: DispatchDelivery) -> Verdict:
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return _apply_report(item=item, delivery=delivery)
        except IntegrityError:
            continue
    return DispatchOutcome.REFUSED, {"number": _("Somebody else worked on it in this moment. Send it again.")}


def _foreseen(item: Item, source: str) -> Verdict:
    incident = _incident_by_number(dispatch.incident_number(item))
    return dispatch.judge(item, incident=incident, record=_record_by_id(source, item.id), source=source)


def _number_of(found: Any) -> str:
    return str(found.get("number", "")) if isinstance(found, dict) else ""


def propose_key(*, source: str, key_id: str, public_key: str, by: User) -> DispatchKey:
    """Propose a public key of a dispatch system. It counts once another administrator approves it.

    Who holds the private key can verify incidents, so each key takes two administrators.
    public_key: PEM, as `openssl pkey -pubout` writes it. Raises Refused by role, ValidationError by field.
    """
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        key = DispatchKey(
            source=source.strip(),
            key_id=key_id.strip(),
            public_key=dispatch.check_public_key(public_key),
            slot=_free_slot(source.strip()),
            proposed_by=by,
        )
        key.full_clean(exclude=["slot", "proposed_by"], validate_constraints=False)
        try:
            with transaction.atomic():
                key.save(force_insert=True)
        except IntegrityError as error:
            raise ValidationError({"source": NO_SLOT}) from error
        _record_key(Event.DISPATCH_KEY_PROPOSED, key, by)
    return key


def approve_key(*, key: DispatchKey, by: User) -> DispatchKey:
    with transaction.atomic():
        asker = account_services.hold_asker(key.proposed_by_id)
        locked = _locked_key(key.pk)
        dispatch.may_approve(by, locked)
        accounts.must_have_valid_asker(
            asker, lambda asker: demand(asker, Permission.ADMINISTER), subject=locked.subject
        )
        locked.approved_by, locked.approved_at = by, timezone.now()
        locked.save(update_fields=["approved_by", "approved_at"])
        _record_key(Event.DISPATCH_KEY_APPROVED, locked, by)
    return locked


def retire_key(*, key: DispatchKey, by: User) -> DispatchKey:
    """Retire a dispatch key at once. One administrator is enough, since this takes power away."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked_key(key.pk)
        if locked.retired_at is not None:
            raise Stale(_("This key is retired already."), subject=locked.subject)
        locked.retired_by, locked.retired_at = by, timezone.now()
        locked.save(update_fields=["retired_by", "retired_at"])
        _record_key(Event.DISPATCH_KEY_RETIRED, locked, by)
    return locked


def _free_slot(source: str) -> int:
    taken = set(DispatchKey.objects.filter(source=source, retired_at__isnull=True).values_list("slot", flat=True))
    free = [slot for slot in KEY_SLOTS if slot not in taken]
    if not free:
        raise ValidationError({"source": NO_SLOT})
    return free[0]


def _locked_key(pk: UUID) -> DispatchKey:
    return DispatchKey.objects.select_for_update(no_key=True).get(pk=pk)


def _record_key(event: Event, key: DispatchKey, by: User) -> None:
    facts = {"source": key.source, "key": key.key_id, "public_key": key.public_key}
    record(event=event, actor=by.actor, subject=key.subject, facts=facts)
