"""The sharing agreement, sharing rules, "share now", and the pause of all sharing. Each act counts at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record, record_many
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.agency.policies import newer
from fusus_portal.ground.agency.selectors import sharing_terms
from fusus_portal.ground.database.writing import in_batches
from fusus_portal.ground.languages import local
from fusus_portal.ground.lifecycle import NotYours, Stale, find_or_refuse
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration import hooks
from integration.cores.models import DeviceCamera
from integration.rules import AGREEMENT_KEPT, AGREEMENT_LIFE, AGREEMENT_RENEWAL_NOTICE
from integration.sharing import policies
from integration.sharing.hours import Week, check_week, joined, outside, week_in_short
from integration.sharing.models import (
    TIMED,
    OpeningHours,
    SharingAgreement,
    SharingMode,
    SharingPause,
    SharingRule,
)
from integration.sharing.selectors import current_agreement, lasting_agreements, left_and_over, pause_of
from registry.places import locks as place_locks
from registry.places.services.cameras import line_of
from registry.registrants import locks as registrant_locks
from registry.registrants.models import Registrant


@dataclass(frozen=True, slots=True)
class Wish:
    """Wish of an owner for a rule. answers_clips, allows_glass: not for "never".

    week: with "schedule" the hours in which the camera is shared, with "outside" the opening hours of its place.
    *_days: with both.
    """

    mode: str
    week: Week = ()
    closed_days: Collection[date] = ()
    open_days: Collection[date] = ()
    answers_clips: bool = False
    allows_glass: bool = False


def set_rule(*, camera: DeviceCamera, by: User, wish: Wish) -> SharingRule:
    """Set the sharing rule of a camera. Setting the same rule again leaves no entry.

    It needs no agreement, and has no effect without one; only broken glass needs a signed agreement that names it.
    Opening hours are kept for the place: its other cameras that are shared outside them follow, each with its entry.
    Raises NotYours for another business's camera, Stale if it is disconnected, ValidationError by field.
    """
    with transaction.atomic():
        locked, rule = _locked_camera(camera, by)
        wanted = _checked(wish)
        if rule.week and joined(rule.week) == wanted["week"]:
            wanted["week"] = rule.week
        if wanted["allows_glass"]:
            policies.check_glass(current_agreement(locked.camera.premises.registrant))
        if all(getattr(rule, field) == value for field, value in wanted.items()):
            return rule
        if rule.mode != wanted["mode"]:
            _stop(locked, rule, by.actor)
        for field, value in wanted.items():
            setattr(rule, field, value)
        changed = [rule, *_following(rule)]
        for each in changed:
            each.changed_at = timezone.now()
            each.save()
        hooks.permission_changed.answer(actor=by.actor, cameras=[each.camera.camera_id for each in changed])
        for each in changed:
            _note(Event.SHARING_RULE_CHANGED, each.camera, by.actor, _facts_of(each))
    return rule


def _following(rule: SharingRule) -> list[SharingRule]:
    """Keep the opening hours of a rule for its place; return the rules of other cameras there, with their new week."""
    if rule.mode != SharingMode.OUTSIDE:
        return []
    premises = rule.camera.camera.premises
    kept = {"week": outside(rule.week), "changed_at": timezone.now()}
    OpeningHours.objects.update_or_create(premises=premises, defaults=kept)
    others = _locked_rules(camera__camera__premises=premises, mode=SharingMode.OUTSIDE).exclude(camera=rule.camera)
    connected = others.filter(camera__removed_at__isnull=True, camera__camera__removed_at__isnull=True)
    following = [other for other in connected.order_by("pk") if other.week != rule.week]
    for other in following:
        other.week = rule.week
    return following


def _locked_rules(**which: object) -> QuerySet[SharingRule]:
    rules = SharingRule.objects.select_for_update(of=("self",), no_key=True)
    return rules.select_related("camera__camera__premises").filter(**which)


def share_now(*, camera: DeviceCamera, by: User, hours: int) -> SharingRule:
    """Share a camera of the mode "ask" for hours. Raises NotYours, Stale for other modes, ValidationError."""
    with transaction.atomic():
        locked, rule = _locked_camera(camera, by)
        if rule.mode != SharingMode.ASK:
            sentence = _("This camera has another rule. Choose “Only while I share it myself” first.")
            raise Stale(sentence, subject=locked.subject)
        policies.check_hours(hours)
        rule.shared_until = timezone.now() + timedelta(hours=hours)
        rule.save(update_fields=["shared_until"])
        hooks.permission_changed.answer(actor=by.actor, cameras=[locked.camera_id])
        _note(Event.SHARING_BEGUN, locked, by.actor, {"until": rule.shared_until.isoformat(timespec="seconds")})
    return rule


def stop_sharing(*, camera: DeviceCamera, by: User) -> SharingRule:
    """End a camera's "share now" at once. Doing it twice has one effect."""
    with transaction.atomic():
        locked, rule = _locked_camera(camera, by)
        if rule.shared_until is not None:
            _stop(locked, rule, by.actor)
            rule.save(update_fields=["shared_until"])
            hooks.permission_changed.answer(actor=by.actor, cameras=[locked.camera_id])
    return rule


def _stop_all_sharing(*, registrant: Registrant, actor: Actor) -> None:
    """End each "share now" with the agreement, so that the next signature shares no camera without another press."""
    running = _locked_rules(camera__camera__premises__registrant=registrant, shared_until__isnull=False)
    for rule in running.order_by("pk"):
        _stop(rule.camera, rule, actor)
        rule.save(update_fields=["shared_until"])


def pause_sharing(*, registrant: Registrant, by: User) -> SharingPause:
    """Pause all sharing of a business, whatever its rules say. Doing it twice has one effect. Raises NotYours."""
    with transaction.atomic():
        locked = registrant_locks.own_registrant(registrant.pk, by=by)
        demand(by, Permission.OWN_DEVICES, subject=locked.subject)
        lasting = pause_of(locked)
        if lasting is not None:
            return lasting
        begun = SharingPause.objects.create(registrant=locked, began_by=by)
        hooks.permission_changed.answer(actor=by.actor, registrant=locked.pk)
        record(event=Event.SHARING_PAUSED, actor=by.actor, subject=begun.subject)
    return begun


def resume_sharing(*, registrant: Registrant, by: User) -> SharingPause | None:
    """End the pause of a business and return it, or None if nothing was paused. Raises NotYours."""
    with transaction.atomic():
        locked = registrant_locks.own_registrant(registrant.pk, by=by)
        demand(by, Permission.OWN_DEVICES, subject=locked.subject)
        lasting = pause_of(locked)
        if lasting is not None:
            lasting.ended_at = timezone.now()
            lasting.save(update_fields=["ended_at"])
            record(event=Event.SHARING_RESUMED, actor=by.actor, subject=lasting.subject)
    return lasting


def _locked_camera(camera: DeviceCamera, by: User) -> tuple[DeviceCamera, SharingRule]:
    """Lock an owner's connected camera; return it with its rule, or with a new rule that is not saved yet.

    The views of all cameras of its place are locked, too: other rules may follow this one's opening hours.
    """
    own = place_locks.own_camera(camera.camera_id, by=by)
    demand(by, Permission.OWN_DEVICES, subject=camera.subject)
    rows = DeviceCamera.objects.select_for_update(of=("self",), no_key=True).filter(pk=camera.pk, camera=own)
    locked = find_or_refuse(rows, _("There is no such camera."), subject=camera.subject)
    locked.camera = own
    # Views are locked before the counters of cameras, here as everywhere.
    views = locked.grants.model.objects.select_for_update(of=("self",), no_key=True)
    running = views.filter(camera__camera__premises=own.premises, ended_at__isnull=True)
    list(running.order_by("pk").values_list("pk", flat=True))
    if locked.removed_at is not None or own.removed_at is not None:
        raise Stale(_("This camera is not connected any more."), subject=locked.subject)
    rule = SharingRule.objects.select_for_update(no_key=True).filter(camera=locked).first() or SharingRule()
    rule.camera = locked
    return locked, rule


def _checked(wish: Wish) -> dict[str, object]:
    if wish.mode not in SharingMode.values:
        raise ValidationError({"mode": _("Choose one of these.")})
    is_shared = wish.mode != SharingMode.NEVER
    further = {"answers_clips": wish.answers_clips and is_shared, "allows_glass": wish.allows_glass and is_shared}
    if wish.mode not in TIMED:
        # The former hours are dropped: hidden ones must not come back unasked.
        return {"mode": wish.mode, "week": [], "closed_days": [], "open_days": [], **further}
    week = check_week(wish.week)
    closed, opened = policies.check_days(wish.closed_days, wish.open_days)
    if wish.mode == SharingMode.OUTSIDE:
        if not any(week):
            sentence = _("Say when it is open: choose one of the three, paint the hours, or write from and to.")
            raise ValidationError({"week": sentence})
        week = outside(week)
    if not any(week) and not opened:
        raise ValidationError({"week": _("So this camera is never shared. Change the hours, or choose “Never”.")})
    return {"mode": wish.mode, "week": week, "closed_days": closed, "open_days": opened, **further}


def _facts_of(rule: SharingRule) -> dict[str, int | str]:
    facts: dict[str, int | str] = {"mode": str(rule.mode)}
    if rule.mode in TIMED:
        facts |= {"week": week_in_short(rule.week)}
        facts |= {"closed": " ".join(rule.closed_days)} if rule.closed_days else {}
        facts |= {"open": " ".join(rule.open_days)} if rule.open_days else {}
    facts |= {"clips": 1} if rule.answers_clips else {}
    return facts | ({"glass": 1} if rule.allows_glass else {})


def _stop(camera: DeviceCamera, rule: SharingRule, actor: Actor) -> None:
    still_shared = rule.shared_until is not None and rule.shared_until > timezone.now()
    rule.shared_until = None
    if still_shared:
        _note(Event.SHARING_STOPPED, camera, actor, {})


def _note(event: Event, camera: DeviceCamera, actor: Actor, facts: dict[str, int | str]) -> None:
    record_many(event=event, actor=actor, lines=[line_of(camera.camera, facts=facts)])


ENDER = "integration.end_agreements"
REMINDER = "integration.remind_agreements"
FORGETTER = "integration.forget_agreements"
AT_ONCE = 200


def sign_agreement(*, registrant: Registrant, by: User, document: UUID, signer: str, title: str) -> SharingAgreement:
    """Sign the version in force, for a year; the signature replaces the former agreement.

    document: the version that the signer read. Raises NotYours for another's registration, Refused for a resident,
    Stale if a newer version came in between, ValidationError by field.
    """
    with transaction.atomic():
        locked = registrant_locks.own_registrant(registrant.pk, by=by)
        demand(by, Permission.OWN_DEVICES, subject=locked.subject)
        terms = sharing_terms()
        if terms.pk != document:
            raise Stale(newer(), subject=terms.subject)
        signer, title = policies.check_signature(signer=signer, title=title)
        now = timezone.now()
        before = _locked_current_agreement(locked)
        if before is not None:
            before.replaced_at = now
            before.save(update_fields=["replaced_at"])
        signed = SharingAgreement.objects.create(
            registrant=locked,
            party=locked.name,
            document=terms,
            language=local("en", "es"),
            signer=signer,
            title=title,
            signed_at=now,
            ends_on=timezone.localdate(now) + AGREEMENT_LIFE,
        )
        facts: dict[str, int | str] = {"version": terms.number, "ends_on": signed.ends_on.isoformat()}
        if before is not None:
            facts["replaces"] = str(before.pk)
            # Running views are checked again, by the new agreement.
            hooks.permission_changed.answer(actor=by.actor, registrant=locked.pk)
        record(event=Event.SHARING_SIGNED, actor=by.actor, subject=signed.subject, facts=facts)
    return signed


def revoke_agreement(*, agreement: SharingAgreement, by: User) -> SharingAgreement:
    """Take an agreement back: nothing is shared from now on. Doing it twice has one effect. Raises NotYours, Stale."""
    with transaction.atomic():
        locked = _locked_own_agreement(agreement, by)
        if locked.revoked_at is not None:
            return locked
        if locked.over_at is not None:
            raise Stale(_("This agreement has already ended."), subject=locked.subject)
        _revoke(locked, by.actor)
        if locked.registrant is not None:
            hooks.permission_changed.answer(actor=by.actor, registrant=locked.registrant.pk)
            _stop_all_sharing(registrant=locked.registrant, actor=by.actor)
    return locked


@in_batches
def end_due_agreements() -> int:
    """End agreements past their last day and tell the businesses; return the number. The gate checks the day, too."""
    due = _locked_agreements(lasting_agreements().filter(ends_on__lt=timezone.localdate()))
    for agreement in due:
        agreement.ended_at = timezone.now()
        agreement.save(update_fields=["ended_at"])
        if agreement.registrant_id is not None:
            hooks.permission_changed.answer(actor=task_actor(ENDER), registrant=agreement.registrant_id)
        facts = {"ends_on": agreement.ends_on.isoformat()}
        record(event=Event.SHARING_ENDED, actor=task_actor(ENDER), subject=agreement.subject, facts=facts)
        _write(agreement, MessageKind.SHARING_ENDED)
    return len(due)


def end_for_leaver(registrant: Registrant, actor: Actor) -> None:
    """End agreement and rules of a business in the transaction of leaving: the agreement stays (promise R12)."""
    agreement = _locked_current_agreement(registrant)
    if agreement is not None:
        _revoke(agreement, actor)
        hooks.permission_changed.answer(actor=actor, registrant=registrant.pk)
    behind = DeviceCamera.objects.filter(camera__premises__registrant=registrant)
    gone = list(behind.values_list("pk", flat=True))
    SharingRule.objects.filter(camera__in=gone).delete()
    SharingRule.history.filter(camera_id__in=gone).delete()


@in_batches
def forget_due_agreements() -> int:
    """Delete agreements of businesses that left, once their time to be kept is over; return the number."""
    due = left_and_over(before=timezone.now() - AGREEMENT_KEPT)
    rows = list(due.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:AT_ONCE])
    for agreement in rows:
        record(event=Event.SHARING_FORGOTTEN, actor=task_actor(FORGETTER), subject=agreement.subject)
    SharingAgreement.objects.filter(pk__in=[agreement.pk for agreement in rows]).delete()
    return len(rows)


@in_batches
def remind_of_agreements() -> int:
    """Tell each business once, ahead of time, that its agreement ends; return the number of messages."""
    today = timezone.localdate()
    until = today + AGREEMENT_RENEWAL_NOTICE
    due = _locked_agreements(
        lasting_agreements().filter(reminded_at__isnull=True, ends_on__gte=today, ends_on__lte=until)
    )
    for agreement in due:
        agreement.reminded_at = timezone.now()
        agreement.save(update_fields=["reminded_at"])
        facts = {"ends_on": agreement.ends_on.isoformat()}
        record(event=Event.SHARING_REMINDED, actor=task_actor(REMINDER), subject=agreement.subject, facts=facts)
        _write(agreement, MessageKind.SHARING_ENDING)
    return len(due)


def _locked_current_agreement(registrant: Registrant) -> SharingAgreement | None:
    """Lock the agreement of a locked registration: the task that ends agreements locks no registration."""
    rows = lasting_agreements().select_for_update(of=("self",), no_key=True).select_related("document")
    return rows.filter(registrant=registrant).first()


def _locked_own_agreement(agreement: SharingAgreement, by: User) -> SharingAgreement:
    if agreement.registrant_id is None:
        raise NotYours(_("There is no such agreement."), subject=agreement.subject)
    registrant = registrant_locks.own_registrant(agreement.registrant_id, by=by)
    rows = SharingAgreement.objects.select_for_update(of=("self",), no_key=True).select_related("document")
    locked = rows.get(pk=agreement.pk)
    locked.registrant = registrant
    return locked


def _revoke(locked: SharingAgreement, actor: Actor) -> None:
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])
    record(event=Event.SHARING_REVOKED, actor=actor, subject=locked.subject, facts={"version": locked.document.number})


def _locked_agreements(due: QuerySet[SharingAgreement]) -> list[SharingAgreement]:
    rows = due.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("registrant__user")
    return list(rows.order_by("ends_on", "pk")[:AT_ONCE])


def _write(agreement: SharingAgreement, kind: MessageKind) -> None:
    context = {"agreement": str(agreement.pk)}
    notifications.send(kind=kind, to=agreement.registrant, about=agreement.subject, context=context)
