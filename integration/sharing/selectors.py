from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import entries_of_cameras
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from integration.cores.models import DeviceCamera
from integration.rules import AGREEMENT_KEPT
from integration.sharing.models import OpeningHours, SharingAgreement, SharingMode, SharingPause, SharingRule
from registry.places.hooks import Kept
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant

SIGNED = "signed_agreements"
"""Name of the kept sharing agreements in the receipt of a business that leaves."""

CONSENTS = (Event.SHARING_RULE_CHANGED, Event.SHARING_BEGUN, Event.SHARING_STOPPED)
"""Acts of an owner on one camera. Agreements and pauses, which are about all cameras, have tables of their own."""

VIEWS = (Event.VIEW_STARTED, Event.VIEW_EXTENDED, Event.VIEW_WATCHED, Event.VIEW_ENDED)


def lasting_agreements() -> QuerySet[SharingAgreement]:
    return SharingAgreement.objects.filter(revoked_at__isnull=True, replaced_at__isnull=True, ended_at__isnull=True)


def current_agreement(registrant: Registrant) -> SharingAgreement | None:
    """Return the agreement that is not marked as ended, or None. Its last day may have passed: ask `is_in_force`."""
    return lasting_agreements().filter(registrant=registrant).select_related("document").first()


def left_and_over(*, before: datetime) -> QuerySet[SharingAgreement]:
    over = Q(revoked_at__lt=before) | Q(replaced_at__lt=before) | Q(ended_at__lt=before)
    return SharingAgreement.objects.filter(over, registrant__isnull=True)


def kept_agreements(registrant: Registrant) -> Kept | None:
    now = timezone.now()
    ends = [agreement.over_at or now for agreement in agreements_of(registrant)]
    return Kept(SIGNED, len(ends), max(ends) + AGREEMENT_KEPT) if ends else None


def agreements_of(registrant: Registrant) -> QuerySet[SharingAgreement]:
    return registrant.sharing_agreements.select_related("document").order_by("-signed_at", "pk")


def own_agreement(by: User, pk: UUID) -> SharingAgreement:
    rows = SharingAgreement.objects.filter(pk=pk, registrant__user=by).select_related("document", "registrant")
    return find_or_refuse(rows, _("There is no such agreement."), subject=("sharing_agreement", str(pk)))


def cameras_of(registrant: Registrant) -> QuerySet[DeviceCamera]:
    found = _connected().filter(camera__premises__registrant=registrant)
    return found.order_by("camera__premises__added_at", "camera__added_at", "pk")


def own_camera(by: User, pk: UUID) -> DeviceCamera:
    rows = _connected().filter(pk=pk, camera__premises__registrant__user=by)
    return find_or_refuse(rows, _("There is no such camera."), subject=("device_camera", str(pk)))


def rule_of(camera: DeviceCamera) -> SharingRule | None:
    return SharingRule.objects.filter(camera=camera).first()


def opening_hours_of(premises: Premises) -> OpeningHours | None:
    return OpeningHours.objects.filter(premises=premises).first()


def opening_hours_kept(registrant: Registrant) -> QuerySet[OpeningHours]:
    return OpeningHours.objects.filter(premises__registrant=registrant).order_by("premises__added_at", "pk")


def followers_of(camera: DeviceCamera) -> QuerySet[DeviceCamera]:
    """Return the other connected cameras of a place that are shared outside its opening hours."""
    there = cameras_of(camera.camera.premises.registrant).filter(camera__premises=camera.camera.premises)
    return there.filter(rule__mode=SharingMode.OUTSIDE).exclude(pk=camera.pk)


def pause_of(registrant: Registrant) -> SharingPause | None:
    return SharingPause.objects.filter(registrant=registrant, ended_at__isnull=True).first()


def pauses_of(registrant: Registrant) -> QuerySet[SharingPause]:
    return SharingPause.objects.filter(registrant=registrant).order_by("-began_at", "pk")


def views_of(camera: DeviceCamera) -> QuerySet[AuditEntry]:
    return entries_of_cameras([str(camera.camera_id)]).filter(event__in=VIEWS)


def consents_about(cameras: Iterable[Camera]) -> QuerySet[AuditEntry]:
    return entries_of_cameras([str(camera.pk) for camera in cameras]).filter(event__in=CONSENTS)


def _connected() -> QuerySet[DeviceCamera]:
    return DeviceCamera.objects.filter(removed_at__isnull=True, camera__removed_at__isnull=True).select_related(
        "camera__premises__registrant", "core", "rule"
    )
