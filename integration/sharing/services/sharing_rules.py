"""Sharing rules of connected cameras, "share now", and the one big pause. Each counts at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record, record_many
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.queries import find_or_refuse
from integration import hooks
from integration.cores.models import DeviceCamera
from integration.live import locks
from integration.sharing.models import SharingMode, SharingPause, SharingRule
from integration.sharing.policies import signatures, weeks
from integration.sharing.selectors import current_agreement, pause_of
from registry.people import locks as people_locks
from registry.people.models import Registrant
from registry.places import locks as place_locks
from registry.places.services.cameras import line_of


@dataclass(frozen=True, slots=True)
class Wish:
    """Wish of an owner for a camera. week and days: only with "schedule". The two consents: never with "never"."""

    mode: str
    week: weeks.Week = ()
    closed_days: Collection[date] = ()
    open_days: Collection[date] = ()
    answers_clips: bool = False
    allows_glass: bool = False


def set_rule(*, camera: DeviceCamera, by: User, wish: Wish) -> SharingRule:
    """Set the rule of a camera. Setting the same rule leaves no entry.

    It needs no agreement, and has no effect without one; only broken glass needs signed words that name it. Raises
    NotYours for another's camera, Stale if it is no longer connected, ValidationError by field.
    """
    with transaction.atomic():
        locked, rule = _locked(camera, by)
        wanted = _checked(wish)
        if wanted["allows_glass"]:
            signatures.check_glass(current_agreement(locked.camera.premises.registrant))
        if all(getattr(rule, field) == value for field, value in wanted.items()):
            return rule
        if rule.mode != wanted["mode"]:
            _stop(locked, rule, by.actor)
        for field, value in wanted.items():
            setattr(rule, field, value)
        rule.changed_at = timezone.now()
        rule.save()
        hooks.permission_changed.answer(actor=by.actor, cameras=[locked.camera_id])
        _note(Event.SHARING_RULE_CHANGED, locked, by.actor, _facts_of(rule))
    return rule


def share_now(*, camera: DeviceCamera, by: User, hours: int) -> SharingRule:
    """Share for hours with the mode "ask". Raises ValidationError on "hours", Stale for another mode, NotYours."""
    with transaction.atomic():
        locked, rule = _locked(camera, by)
        if rule.mode != SharingMode.ASK:
            sentence = _("This camera has another rule. Choose “Only while I share it myself” first.")
            raise Stale(sentence, subject=locked.subject)
        signatures.check_hours(hours)
        rule.shared_until = timezone.now() + timedelta(hours=hours)
        rule.save(update_fields=["shared_until"])
        hooks.permission_changed.answer(actor=by.actor, cameras=[locked.camera_id])
        _note(Event.SHARING_BEGUN, locked, by.actor, {"until": rule.shared_until.isoformat(timespec="seconds")})
    return rule


def stop_sharing(*, camera: DeviceCamera, by: User) -> SharingRule:
    """End "share now" at once. Doing it twice has one effect."""
    with transaction.atomic():
        locked, rule = _locked(camera, by)
        if rule.shared_until is not None:
            _stop(locked, rule, by.actor)
            rule.save(update_fields=["shared_until"])
            hooks.permission_changed.answer(actor=by.actor, cameras=[locked.camera_id])
    return rule


def stop_all(*, registrant: Registrant, actor: Actor) -> None:
    """End every "share now" with the agreement: the next signature must not share again without a press."""
    rules = SharingRule.objects.select_for_update(of=("self",), no_key=True).select_related("camera__camera__premises")
    running = rules.filter(camera__camera__premises__registrant=registrant, shared_until__isnull=False)
    for rule in running.order_by("pk"):
        _stop(rule.camera, rule, actor)
        rule.save(update_fields=["shared_until"])


def pause(*, registrant: Registrant, by: User) -> SharingPause:
    """Share nothing from now on, whatever the rules say. Doing it twice has one effect. Raises NotYours."""
    with transaction.atomic():
        locked = people_locks.own_registrant(registrant.pk, by=by)
        demand(by, Permission.OWN_DEVICES, subject=locked.subject)
        lasting = pause_of(locked)
        if lasting is not None:
            return lasting
        begun = SharingPause.objects.create(registrant=locked, began_by=by)
        hooks.permission_changed.answer(actor=by.actor, registrant=locked.pk)
        record(event=Event.SHARING_PAUSED, actor=by.actor, subject=begun.subject)
    return begun


def resume(*, registrant: Registrant, by: User) -> SharingPause | None:
    """End the pause; return it, None if there was none. Raises NotYours."""
    with transaction.atomic():
        locked = people_locks.own_registrant(registrant.pk, by=by)
        demand(by, Permission.OWN_DEVICES, subject=locked.subject)
        lasting = pause_of(locked)
        if lasting is not None:
            lasting.ended_at = timezone.now()
            lasting.save(update_fields=["ended_at"])
            record(event=Event.SHARING_RESUMED, actor=by.actor, subject=lasting.subject)
    return lasting


def _locked(camera: DeviceCamera, by: User) -> tuple[DeviceCamera, SharingRule]:
    """Lock a business's own connected camera; return it with its rule, or a new one that is not saved yet."""
    own = place_locks.own_camera(camera.camera_id, by=by)
    demand(by, Permission.OWN_DEVICES, subject=camera.subject)
    rows = DeviceCamera.objects.select_for_update(of=("self",), no_key=True).filter(pk=camera.pk, camera=own)
    locked = find_or_refuse(rows, _("There is no such camera."), subject=camera.subject)
    locked.camera = own
    # Views are locked before the counters of cameras, here as everywhere.
    locks.hold_views(camera=own.pk)
    if locked.removed_at is not None or own.removed_at is not None:
        raise Stale(_("This camera is not connected any more."), subject=locked.subject)
    rule = SharingRule.objects.select_for_update(no_key=True).filter(camera=locked).first()
    return locked, rule or SharingRule(camera=locked)


def _checked(wish: Wish) -> dict[str, object]:
    if wish.mode not in SharingMode.values:
        raise ValidationError({"mode": _("Choose one of these.")})
    is_shared = wish.mode != SharingMode.NEVER
    further = {"answers_clips": wish.answers_clips and is_shared, "allows_glass": wish.allows_glass and is_shared}
    if wish.mode != SharingMode.SCHEDULE:
        # The former schedule is dropped: a hidden one must not come back unasked.
        return {"mode": wish.mode, "week": [], "closed_days": [], "open_days": [], **further}
    week = weeks.check_week(wish.week)
    closed, opened = weeks.check_days(wish.closed_days, wish.open_days)
    if not any(week) and not opened:
        raise ValidationError({"week": _("Write the hours of one day at least, or choose “Never”.")})
    return {"mode": wish.mode, "week": week, "closed_days": closed, "open_days": opened, **further}


def _facts_of(rule: SharingRule) -> dict[str, int | str]:
    facts: dict[str, int | str] = {"mode": str(rule.mode)}
    if rule.mode == SharingMode.SCHEDULE:
        facts |= {"week": weeks.in_short(rule.week)}
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
