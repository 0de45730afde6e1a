"""Views: who sees which camera live, for which declaration, how long, and the stream that all of them share."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.rows import RandomIdRow, Stepped
from integration.cores.models import DeviceCamera
from integration.critical.models import LONGEST_REASON, Declaration
from integration.live.states import GRANT, GrantState
from registry.incidents.models import Incident
from registry.places.models import PremisesKind


class GrantEnd(models.TextChoices):
    STOPPED = "stopped", _("The viewer stopped")
    LEFT = "left", _("The viewer's page was gone")
    OVER = "over", _("Its time was over")
    REFUSED = "refused", _("A condition did not hold any more")
    FULL = "full", _("There was no room for its video")
    TAKEN = "taken", _("A supervisor ended it")


class LiveStream(RandomIdRow):
    """Video of one camera for all its viewers. digest: SHA-256 of the CORE's token, with which it sends this stream."""

    camera = models.ForeignKey(DeviceCamera, on_delete=models.CASCADE, related_name="streams")
    digest = models.BinaryField(max_length=32)
    began_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["camera"], name="live_stream_one_open", condition=Q(ended_at__isnull=True)),
            models.UniqueConstraint(fields=["digest"], name="live_stream_digest"),
        ]


class ViewGrant(Stepped):
    """A view: one person's leave to see one camera live. It ends automatically; the gate checks it as long as it runs.

    camera, stream: None once the camera's owner has left the registry. network, session: the viewer's address and the
    digest of the sign-in; the view works from nowhere else. condition: the gate condition that failed and ended it, or
    "". minutes: number of watched minutes that have an entry. sent_bytes: of video. premises_kind, zip_code: of the
    camera's place, kept for the figures. further_reasons: one for each extension. told_at: when the owner was told. The
    database refuses a view without a declaration in force, outside its radius, or beyond its end.
    """

    subject_kind = "view"
    lifecycle = GRANT

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="grants")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="view_grants")
    camera = models.ForeignKey(DeviceCamera, on_delete=models.SET_NULL, null=True, related_name="grants")
    stream = models.ForeignKey(LiveStream, on_delete=models.SET_NULL, null=True, related_name="grants")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="view_grants")
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    network = models.GenericIPAddressField()
    session = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, choices=GrantState, default=GrantState.RUNNING, editable=False)
    began_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_at = models.DateTimeField()
    extensions = models.PositiveSmallIntegerField(default=0, editable=False)
    further_reasons = ArrayField(
        models.CharField(max_length=LONGEST_REASON), default=list, db_default=[], blank=True, editable=False
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    end = models.CharField(max_length=10, choices=GrantEnd, blank=True, editable=False)
    condition = models.CharField(max_length=30, blank=True, editable=False)
    minutes = models.PositiveIntegerField(default=0, editable=False)
    sent_bytes = models.BigIntegerField(default=0, editable=False)
    premises_kind = models.CharField(max_length=10, choices=PremisesKind)
    zip_code = models.CharField(max_length=10)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="view_grant_state_in_list", condition=Q(state__in=GrantState.values)),
            models.CheckConstraint(name="view_grant_end_in_list", condition=Q(end="") | Q(end__in=GrantEnd.values)),
            models.UniqueConstraint(
                fields=["deputy", "camera"], name="view_grant_once", condition=Q(state=GrantState.RUNNING)
            ),
            models.CheckConstraint(name="view_grant_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="view_grant_ends_later", condition=Q(ends_at__gt=F("began_at"))),
            models.CheckConstraint(
                name="view_grant_ended_has_time",
                condition=(Q(state=GrantState.ENDED, ended_at__gte=F("began_at")) & ~Q(end=""))
                | Q(state=GrantState.RUNNING, ended_at__isnull=True, end=""),
            ),
            models.CheckConstraint(
                name="view_grant_running_has_camera",
                condition=Q(state=GrantState.ENDED) | Q(camera__isnull=False),
            ),
            models.CheckConstraint(name="view_grant_sent_bytes", condition=Q(sent_bytes__gte=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_at"], name="view_grant_running", condition=Q(state=GrantState.RUNNING)),
            models.Index(fields=["began_at"], name="view_grant_began"),
        ]


class ViewTime(RandomIdRow):
    """Extensions of the time for which a camera may be seen for an incident (`VIEW_LIFE`). Views hold their reasons."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="view_times")
    camera = models.ForeignKey(DeviceCamera, on_delete=models.CASCADE, related_name="view_times")
    extensions = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "camera"], name="view_time_once"),
        ]
