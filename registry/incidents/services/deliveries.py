from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.log.actors import VISITOR, Subject
from audit.log.events import Event
from audit.log.services import record, record_refusal
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from registry.incidents import dispatch_format
from registry.incidents.dispatch_format import Claims, Item, MalformedDelivery, NotSigned
from registry.incidents.models.dispatch import DispatchDelivery, DispatchKey, Way
from registry.incidents.policies import dispatch
from registry.incidents.policies.dispatch import DispatchOutcome, Verdict
from registry.incidents.services import dispatch_records

TRIES = 2
"""Somebody may open the same number at the same moment; then it is judged anew."""


class Unwanted(Exception):
    """A delivery refused as a whole. code: "not-signed", "malformed", "stale" or "replay". key: None unsigned."""

    def __init__(self, code: str, sentence: str, *, key: DispatchKey | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.key = key


@dataclass(frozen=True, slots=True)
class Result:
    """The result for one incident of a delivery. place: in the list, from 0. problems: field to sentence."""

    place: int
    id: str
    number: str
    outcome: DispatchOutcome
    problems: dict[str, str]


def take(*, token: str, by: User | None = None) -> tuple[DispatchDelivery, list[Result]]:
    """Take a delivery: open, verify or update each incident that can be taken, and report on the others.

    token: the signed text. by: the person who brings it as a file; None if dispatch sends it. One transaction, so a
    delivery is taken once, or not at all. Raises Unwanted, Refused by role.
    """
    if by is not None:
        demand(by, Permission.IMPORT_DISPATCH)
    key, claims = _opened(token, within=dispatch.FILE_LIFE if by else dispatch.CLOCK_TOLERANCE)
    with transaction.atomic():
        delivery = _kept(key, claims, by)
        # One order for all deliveries, so that two of them lock their incidents one after the other.
        order = sorted(range(len(claims.items)), key=lambda place: _number_of(claims.items[place]))
        results = sorted((_result(place, claims, delivery) for place in order), key=lambda result: result.place)
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


def preview(*, token: str, by: User) -> list[Result]:
    """Return what taking a file would do. Nothing changes, and the look is an entry. Raises Unwanted, Refused."""
    demand(by, Permission.IMPORT_DISPATCH)
    key, claims = _opened(token, within=dispatch.FILE_LIFE)
    with transaction.atomic():
        if DispatchDelivery.objects.filter(source=claims.source, delivery=claims.delivery).exists():
            raise _replayed(key)
        results = [_foreseen(place, item, claims.source) for place, item in enumerate(claims.items)]
        record(
            event=Event.DISPATCH_PREVIEWED,
            actor=by.actor,
            subject=key.subject,
            facts={"key": key.key_id, "incidents": len(results)},
        )
    return results


def refuse(*, unwanted: Unwanted, by: User | None = None) -> None:
    """Record a refused delivery: by the person who brought it, else by its key, else counted as a visitor's."""
    key = unwanted.key
    known = by.actor if by else key.actor if key else VISITOR
    subject = key.subject if key else Subject("dispatch-delivery", "")
    record_refusal(event=Event.DISPATCH_REFUSED, actor=known, subject=subject, facts={"code": unwanted.code})


def _opened(token: str, *, within: timedelta) -> tuple[DispatchKey, Claims]:
    key, claims = _signed(token)
    if claims.source != key.source:
        raise Unwanted("malformed", _("“iss” must be the dispatch system that the key belongs to."), key=key)
    if not dispatch.is_fresh(claims, within=within):
        sentence = _("It was issued too long ago, or in the future. Set the clock of the sender, and sign it anew.")
        raise Unwanted("stale", sentence, key=key)
    return key, claims


def _signed(token: str) -> tuple[DispatchKey, Claims]:
    try:
        key = DispatchKey.objects.filter(key_id=dispatch_format.key_id_of(token)).first()
        if key is None or not key.is_valid:
            raise NotSigned
        return key, dispatch_format.claims_of(token, key.public_key)
    except NotSigned as error:
        sentence = _(
            "The signature is not of a key that counts here. Sign with a key that two administrators accepted."
        )
        raise Unwanted("not-signed", sentence) from error
    except MalformedDelivery as error:
        raise Unwanted("malformed", str(error), key=key) from error


def _kept(key: DispatchKey, claims: Claims, by: User | None) -> DispatchDelivery:
    delivery = DispatchDelivery(
        key=key,
        source=claims.source,
        delivery=claims.delivery,
        way=Way.FILE if by else Way.HTTPS,
        uploaded_by=by,
    )
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
    except IntegrityError as error:
        raise _replayed(key) from error
    return delivery


def _replayed(key: DispatchKey) -> Unwanted:
    sentence = _("A delivery with this id was taken already. Give each delivery an id of its own.")
    return Unwanted("replay", sentence, key=key)


def _result(place: int, claims: Claims, delivery: DispatchDelivery) -> Result:
    item, refused = _read(place, claims.items[place])
    if item is None or refused is not None:
        return refused or Result(place, "", "", DispatchOutcome.REFUSED, {})
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                verdict = dispatch_records.apply(item=item, delivery=delivery)
            return _told(place, item, verdict)
        except IntegrityError:
            continue
    sentence = _("Somebody else worked on it in this moment. Send it again.")
    return Result(place, item.id, item.number, DispatchOutcome.REFUSED, {"number": sentence})


def _foreseen(place: int, found: Any, source: str) -> Result:
    item, refused = _read(place, found)
    if item is None or refused is not None:
        return refused or Result(place, "", "", DispatchOutcome.REFUSED, {})
    incident, known = (
        dispatch_records.incident_of(dispatch.incident_number(item)),
        dispatch_records.record_of(source, item.id),
    )
    return _told(place, item, dispatch.judge(item, incident=incident, record=known, source=source))


def _read(place: int, found: Any) -> tuple[Item | None, Result | None]:
    try:
        item = dispatch_format.item_of(found)
    except MalformedDelivery as error:
        named = found if isinstance(found, dict) else {}
        name, number = (str(named.get(key, ""))[: dispatch_format.LONGEST_ID] for key in ("id", "number"))
        return None, Result(place, name, number, DispatchOutcome.REFUSED, {"format": str(error)})
    try:
        dispatch.check(item)
    except ValidationError as error:
        problems = {field: " ".join(sentences) for field, sentences in error.message_dict.items()}
        return item, Result(place, item.id, item.number, DispatchOutcome.REFUSED, problems)
    return item, None


def _told(place: int, item: Item, verdict: Verdict) -> Result:
    return Result(place, item.id, item.number, verdict.outcome, verdict.problems)


def _number_of(found: Any) -> str:
    return str(found.get("number", "")) if isinstance(found, dict) else ""
