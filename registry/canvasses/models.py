"""Tables of canvasses: canvass, request, approval, purpose, unverified search."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import User, staff_key
from fusus_portal.ground.geo.points import Area, Point
from fusus_portal.ground.languages import local
from fusus_portal.ground.numbers import fresh
from fusus_portal.ground.rows import InLog, RandomIdRow, Recorded, Stepped, both_or_none
from registry.canvasses.states import BEFORE_SENDING, CANVASS, REQUEST, WITHOUT_FOOTAGE, CanvassState, RequestState
from registry.incidents.forbidden_reasons import LAWFUL_ASSEMBLY
from registry.incidents.models import Incident
from registry.places.models import Camera
from registry.registrants.models import Registrant
from registry.rules import CEILING_SQUARE_MILES, CEILING_WINDOW, REMINDERS

ACCENTS = str.maketrans({"a": "[aá]", "e": "[eé]", "i": "[ií]", "o": "[oó]", "u": "[uúü]"})
NAMES_ASSEMBLY = rf"\m({'|'.join(word.translate(ACCENTS) for word in sorted(LAWFUL_ASSEMBLY))})\M"
"""PostgreSQL pattern of the words in `LAWFUL_ASSEMBLY`, with or without accents."""


class CanvassPurpose(Recorded):
    """A purpose as owners read it. Canvasses keep retired purposes. The database refuses lawful assemblies."""

    subject_kind = "purpose"

    name = models.CharField(_("name"), max_length=120)
    name_es = models.CharField(_("name in Spanish"), max_length=120)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="purpose_name_once"),
            models.CheckConstraint(name="purpose_has_names", condition=~Q(name="") & ~Q(name_es="")),
            models.CheckConstraint(
                name="purpose_is_no_assembly",
                condition=~Q(name__iregex=NAMES_ASSEMBLY) & ~Q(name_es__iregex=NAMES_ASSEMBLY),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def names(self) -> tuple[str, str]:
        return self.name, self.name_es

    @property
    def label(self) -> str:
        return local(self.name, self.name_es)


class Canvass(Stepped):
    """One search of an area for an incident. starts_at, ends_at: the window that footage is asked for.

    latitude, longitude, radius_m (meters): of the circle. corners: of a polygon inside that circle, or None:
    [longitude, latitude] in degrees, the first repeated at the end. square_miles: of the circle or polygon.
    by_name: a person asked the owner of one camera, without a search: its area is that camera's place.
    beyond_limits: a supervisor must approve it (`Approval`) before it is shown and sent. The database checks the
    polygon's form and that the size is the area's, and refuses to send such a canvass without an approval.
    searched_at: of the latest search before it was sent. Places are shown as confirmed then, not now.
    expired_at: when the time to answer ended for every owner asked, whatever they answered.
    """

    subject_kind = "canvass"
    lifecycle = CANVASS

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="canvasses")
    latitude = models.FloatField()
    longitude = models.FloatField()
    radius_m = models.FloatField(_("radius in meters"))
    corners = models.JSONField(_("corners"), null=True, blank=True)
    square_miles = models.FloatField(_("square miles"))
    purpose = models.ForeignKey(CanvassPurpose, on_delete=models.PROTECT, related_name="canvasses")
    by_name = models.BooleanField(default=False, editable=False)
    beyond_limits = models.BooleanField(default=False, editable=False)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(max_length=10, choices=CanvassState, default=CanvassState.DRAFT, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="canvasses")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    searched_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_by = staff_key("sent_canvasses")
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = staff_key()
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    expired_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = staff_key("closed_canvasses")
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "canvasses"
        constraints: ClassVar = [
            models.CheckConstraint(name="canvass_state_in_list", condition=Q(state__in=CanvassState.values)),
            models.CheckConstraint(
                name="canvass_window",
                condition=Q(ends_at__gt=F("starts_at"), ends_at__lte=F("starts_at") + CEILING_WINDOW),
            ),
            models.CheckConstraint(
                name="canvass_below_ceiling",
                condition=Q(square_miles__gt=0, square_miles__lte=CEILING_SQUARE_MILES),
            ),
            models.CheckConstraint(name="canvass_radius_above_zero", condition=Q(radius_m__gt=0)),
            models.CheckConstraint(name="canvass_latitude_range", condition=Q(latitude__gte=-90, latitude__lte=90)),
            models.CheckConstraint(
                name="canvass_longitude_range", condition=Q(longitude__gte=-180, longitude__lte=180)
            ),
            models.CheckConstraint(name="canvass_has_reason", condition=~Q(reason="")),
            both_or_none("canvass_sent_pair", "sent_by", "sent_at"),
            both_or_none("canvass_closed_pair", "closed_by", "closed_at"),
            both_or_none("canvass_withdrawn_pair", "withdrawn_by", "withdrawn_at"),
            models.CheckConstraint(
                name="canvass_state_has_time",
                condition=Q(state__in=BEFORE_SENDING, sent_at__isnull=True, closed_at__isnull=True)
                | Q(state=CanvassState.SENT, sent_at__isnull=False, closed_at__isnull=True)
                | Q(state=CanvassState.WITHDRAWN, sent_at__isnull=False, withdrawn_at__isnull=False)
                | Q(state=CanvassState.EXPIRED, sent_at__isnull=False, expired_at__isnull=False)
                | Q(state=CanvassState.CLOSED, closed_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["created_at"], name="canvass_to_approve", condition=Q(state=CanvassState.WAITING)),
            models.Index(fields=["sent_at"], name="canvass_running", condition=Q(state=CanvassState.SENT)),
        ]

    @property
    def asker(self) -> User:
        """Person who sent the canvass, or else prepared it: owners call them back, and they are told of replies."""
        return self.sent_by or self.created_by

    @property
    def in_log(self) -> InLog:
        return self.incident.in_log

    @property
    def center(self) -> Point:
        return Point(self.latitude, self.longitude)

    @property
    def area(self) -> Area:
        corners = tuple(Point(latitude, longitude) for longitude, latitude in (self.corners or [])[:-1])
        return Area(self.center, self.radius_m, corners)

    @area.setter
    def area(self, area: Area) -> None:
        self.latitude, self.longitude, self.radius_m = area.center.latitude, area.center.longitude, area.radius_m
        ring = (*area.corners, *area.corners[:1])
        self.corners = [[corner.longitude, corner.latitude] for corner in ring] or None
        self.square_miles = area.square_miles


def request_number() -> str:
    return fresh("R")


class FootageRequest(Stepped):
    """One registrant's part of a canvass. A registrant is asked once for an incident, whatever the answer.

    number: the registrant reads it to the office to check that the request is real.
    version: goes up when the request's links must stop working (`registry.canvasses.links`).
    reminders: how many were sent, the latest at reminded_at. turned_down_at: when the owner last said that they have
    none or would rather not; it stays when footage comes after all (read `last_turned_down_at`). asked_after_all_at:
    when an owner whose rule had answered was asked after all. No deputy sees any of these (promise R4).
    incident: the canvass's; the database checks that. registrant: None after they left; then `Giver` names the giver.
    """

    subject_kind = "request"
    lifecycle = REQUEST

    number = models.CharField(max_length=16, unique=True, default=request_number, editable=False)
    canvass = models.ForeignKey(Canvass, on_delete=models.PROTECT, related_name="requests")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="requests")
    registrant = models.ForeignKey(Registrant, on_delete=models.PROTECT, null=True, related_name="requests")
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.SENT, editable=False)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    replied_at = models.DateTimeField(null=True, blank=True, editable=False)
    turned_down_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_after_all_at = models.DateTimeField(null=True, blank=True, editable=False)
    reminders = models.PositiveSmallIntegerField(default=0, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "registrant"], name="request_once_for_incident"),
            models.CheckConstraint(name="request_state_in_list", condition=Q(state__in=RequestState.values)),
            models.CheckConstraint(name="request_expires_later", condition=Q(expires_at__gt=F("sent_at"))),
            models.CheckConstraint(name="request_version_above_zero", condition=Q(version__gt=0)),
            models.CheckConstraint(
                name="request_reminders_have_time",
                condition=Q(reminders=0, reminded_at__isnull=True)
                | Q(reminders__gt=0, reminders__lte=REMINDERS, reminded_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_waits_for_somebody", condition=~Q(state=RequestState.SENT) | Q(registrant__isnull=False)
            ),
            models.CheckConstraint(
                name="request_answer_has_time",
                condition=Q(
                    state__in=[RequestState.FOOTAGE, RequestState.NONE, RequestState.DECLINED],
                    replied_at__isnull=False,
                )
                | Q(
                    state__in=[RequestState.SENT, RequestState.WITHDRAWN, RequestState.EXPIRED],
                    replied_at__isnull=True,
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], name="request_waiting", condition=Q(state=RequestState.SENT)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def in_log(self) -> InLog:
        return self.incident.in_log

    @property
    def last_turned_down_at(self) -> datetime | None:
        """Time of the owner's last answer without footage, as in `registry.canvasses.selectors.turned_down_after`.

        While such an answer is the request's state, its time counts: a release without the column may have written it.
        """
        return self.replied_at if self.state in WITHOUT_FOOTAGE else self.turned_down_at

    def is_over(self, now: datetime) -> bool:
        """True if the time to answer, or to add files, has passed."""
        return self.state == RequestState.EXPIRED or now >= self.expires_at


class RequestCamera(RandomIdRow):
    """A camera that a request asks about. The database refuses one outside the canvass's area (promise R3)."""

    request = models.ForeignKey(FootageRequest, on_delete=models.CASCADE, related_name="cameras")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="requests")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "camera"], name="request_camera_once"),
        ]


class Approval(RandomIdRow):
    """One question to the supervisors to go beyond the limits, and their decision.

    reason: why the canvass must exceed them. granted: None until somebody decides. note: the supervisor's; a denial
    needs it. voided_at: the canvass was changed since and needs another approval. Nobody decides their own question.
    """

    canvass = models.ForeignKey(Canvass, on_delete=models.PROTECT, related_name="approvals")
    reason = models.CharField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    granted = models.BooleanField(null=True, editable=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    decided_by = staff_key()
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["canvass"], name="approval_once", condition=Q(voided_at__isnull=True)),
            models.CheckConstraint(name="approval_has_reason", condition=~Q(reason="")),
            both_or_none("approval_decided_pair", "decided_by", "decided_at"),
            both_or_none("approval_decided_either_way", "decided_at", "granted"),
            models.CheckConstraint(
                name="approval_by_second_person", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(name="approval_denial_has_note", condition=~Q(granted=False) | ~Q(note="")),
        ]


class LeftOut(RandomIdRow):
    """A camera in the area that a canvass does not ask about.

    why: of a closed list, so that nobody writes about a person. All but "view" leave out all of the owner's cameras.
    """

    class Why(models.TextChoices):
        CONTACTED = "contacted", _("The owner was already spoken to")
        INVOLVED = "involved", _("The owner may be involved")
        VIEW = "view", _("The camera does not look at the place")

    canvass = models.ForeignKey(Canvass, on_delete=models.CASCADE, related_name="left_out")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=10, choices=Why)
    left_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    left_out_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["canvass", "camera"], name="left_out_once"),
            models.CheckConstraint(name="left_out_why_in_list", condition=Q(why__in=["contacted", "involved", "view"])),
        ]


class ReplySeen(models.Model):
    """A reply that one person of the agency saw, first at `seen_at`. A later, other answer is a new reply."""

    request = models.ForeignKey(FootageRequest, on_delete=models.CASCADE, related_name="seen")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(editable=False)
    seen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "replies seen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "person"], name="reply_seen_once"),
        ]


class SearchBound(models.TextChoices):
    """Limits of one person around unverified incidents: incidents a day, owners a week, owners of one incident."""

    NONE = ""
    DAY = "day"
    WEEK = "week"
    WIDE = "wide"


class UnverifiedSearch(models.Model):
    """One drawing or redrawing of a canvass before its incident was verified.

    bound: the limit that this search exceeded, so that it showed nothing and does not count. WIDE: a refused redrawing.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="unverified_searches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    bound = models.CharField(max_length=4, choices=SearchBound, blank=True, default=SearchBound.NONE, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "unverified searches"
        constraints: ClassVar = [
            models.CheckConstraint(name="unverified_search_bound_in_list", condition=Q(bound__in=SearchBound.values)),
        ]
        indexes: ClassVar = [models.Index(fields=["by", "at"], name="unverified_search_recent")]


class UnverifiedSight(models.Model):
    """An owner shown to one person before the incident was verified, last at `at`. Deleted after a week."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="unverified_sights")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "incident", "registrant"], name="unverified_sight_once"),
        ]
