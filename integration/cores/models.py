from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.languages import local
from fusus_portal.ground.rows import RandomIdRow, Recorded, Stepped, both_or_none
from integration.cores.states import CORE, HELD, IN_USE, SOMEBODYS, CoreState
from integration.rules import MOST_CAMERAS
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant

SERIAL = r"^[A-Z0-9][A-Z0-9-]{5,31}$"
CHANNEL = r"^[a-z0-9][a-z0-9_-]{0,31}$"
CAMERA_ONCE = "device_camera_behind_one_core"
CHANNEL_ONCE = "device_camera_channel_once"


class CoreModel(Recorded):
    """A kind of CORE. name_es: "" for the same name in Spanish. retired_at: no CORE of it is received since then."""

    subject_kind = "core_model"

    name = models.CharField(_("name"), max_length=80, unique=True)
    name_es = models.CharField(_("name in Spanish"), max_length=80, blank=True)
    cameras_supported = models.PositiveSmallIntegerField(
        _("cameras"), validators=[MinValueValidator(1), MaxValueValidator(MOST_CAMERAS)]
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="core_model_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="core_model_cameras", condition=Q(cameras_supported__gte=1, cameras_supported__lte=MOST_CAMERAS)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return local(self.name, self.name_es)


class Core(Stepped):
    """A CORE, from its serial number on.

    registrant: the business that it is set aside for or that has it. premises: the place that it is meant for or works
    at. key: its public Ed25519 key in base64, from its activation on; it signs its calls with the private key. seen_at:
    when it last called, to some seconds, or when it was resumed. channels: the cameras that it reported, by its own
    names for them, with the state of each picture. clock_drift_ms: how far its clock was ahead at its last report.
    disk_free, disk_size: bytes of its own disk. recorded_minutes: how far back its recordings reach; 0 if it records
    nothing, None if it never said. told_offline_at: when its owner was told that it is offline, None while it is
    online. certificate: number of the certificate of its last wiping (NIST MP-6, three overwrites).
    """

    subject_kind = "core"
    lifecycle = CORE

    serial = models.CharField(_("serial number"), max_length=32, unique=True, validators=[RegexValidator(SERIAL)])
    model = models.ForeignKey(CoreModel, on_delete=models.PROTECT, related_name="cores")
    state = models.CharField(max_length=10, choices=CoreState, default=CoreState.IN_STOCK, editable=False)
    registrant = models.ForeignKey(Registrant, on_delete=models.PROTECT, null=True, blank=True, related_name="cores")
    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, null=True, blank=True, related_name="cores")
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", editable=False
    )
    key = models.CharField(max_length=44, blank=True, editable=False)
    firmware = models.CharField(max_length=40, blank=True, editable=False)
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    activated_at = models.DateTimeField(null=True, blank=True, editable=False)
    seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    clock_drift_ms = models.BigIntegerField(null=True, blank=True, editable=False)
    disk_free = models.BigIntegerField(null=True, blank=True, editable=False)
    disk_size = models.BigIntegerField(null=True, blank=True, editable=False)
    recorded_minutes = models.PositiveIntegerField(null=True, blank=True, editable=False)
    channels: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True, editable=False)
    told_offline_at = models.DateTimeField(null=True, blank=True, editable=False)
    wiped_by = staff_key()
    wiped_at = models.DateTimeField(null=True, blank=True, editable=False)
    certificate = models.CharField(_("certificate of wiping"), max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="core_state_in_list", condition=Q(state__in=CoreState.values)),
            models.CheckConstraint(name="core_serial_form", condition=Q(serial__regex=SERIAL)),
            models.CheckConstraint(
                name="core_is_somebodys",
                condition=Q(state__in=HELD, registrant__isnull=False)
                | Q(state=CoreState.RETURNING)
                | (~Q(state__in=SOMEBODYS) & Q(registrant__isnull=True)),
            ),
            models.CheckConstraint(
                name="core_in_use_has_place_and_key",
                condition=~Q(state__in=IN_USE) | (Q(premises__isnull=False, activated_at__isnull=False) & ~Q(key="")),
            ),
            models.CheckConstraint(
                name="core_elsewhere_has_no_place", condition=Q(state__in=SOMEBODYS) | Q(premises__isnull=True, key="")
            ),
            both_or_none("core_wiped_pair", "wiped_by", "wiped_at"),
            models.CheckConstraint(
                name="core_wiped_has_certificate",
                condition=~Q(state=CoreState.WIPED) | (Q(wiped_at__isnull=False) & ~Q(certificate="")),
            ),
            models.CheckConstraint(
                name="core_disk",
                condition=Q(disk_free__isnull=True) | Q(disk_free__gte=0, disk_free__lte=F("disk_size")),
            ),
            models.CheckConstraint(name="core_disk_size", condition=Q(disk_size__isnull=True) | Q(disk_size__gt=0)),
            models.CheckConstraint(name="core_replaces_another", condition=~Q(replaces=F("id"))),
        ]
        indexes: ClassVar = [
            models.Index(fields=["registrant"], name="core_of_registrant"),
            models.Index(fields=["seen_at"], name="core_active_seen", condition=Q(state=CoreState.ACTIVE)),
        ]

    def __str__(self) -> str:
        return self.serial


class ActivationCode(RandomIdRow):
    """Code that a business types into its CORE, once. digest: SHA-256 of salt and code; the code itself is shown once.

    tries: wrong codes so far. ended_at: when it was used or replaced, or its CORE was put back or returned.
    """

    core = models.ForeignKey(Core, on_delete=models.CASCADE, related_name="codes")
    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="+")
    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="+")
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32)
    tries = models.PositiveBigIntegerField(default=0)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["core"], name="activation_code_once", condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(name="activation_code_expires_later", condition=Q(expires_at__gt=F("issued_at"))),
        ]

    def __str__(self) -> str:
        return f"code of {self.core_id}"


class CoreToken(models.Model):
    """Token that a CORE shows at each call. digest: SHA-256 of the token. replaced_at: when a newer one was issued.

    ends_at: the token is refused from then on; revoking sets it to now.
    """

    digest = models.BinaryField(primary_key=True, max_length=32)
    core = models.ForeignKey(Core, on_delete=models.CASCADE, related_name="tokens")
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["core"], name="core_token_newest", condition=Q(replaced_at__isnull=True)),
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="core_token_ends")]

    def __str__(self) -> str:
        return f"token of {self.core_id}"


class PictureState(models.TextChoices):
    UNKNOWN = "unknown", _("Not heard of yet")
    RUNNING = "running", _("Gives a picture")
    LOST = "lost", _("Gives no picture")


class ProblemKind(models.TextChoices):
    """Problem of a camera, as its CORE reports it. Only the owner reads it."""

    BLACK = "black", _("The picture is black.")
    COVERED = "covered", _("Something covers the camera.")
    FROZEN = "frozen", _("The picture stands still.")
    CLOCK = "clock", _("Its clock is wrong by more than a minute.")
    DISK = "disk", _("There is no room left for its recording.")
    RECORDING = "recording", _("It is not recorded.")


class DeviceCamera(Recorded):
    """A registered camera that a CORE reads. `camera`, its row in the registry, says where it is and what it sees.

    channel: the CORE's name for it. The camera's address and password stay in the CORE: no column holds them (promise
    R2). removed_at: when it was disconnected from this CORE.
    """

    subject_kind = "device_camera"

    core = models.ForeignKey(Core, on_delete=models.PROTECT, related_name="cameras")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="behind")
    channel = models.CharField(_("channel"), max_length=32, validators=[RegexValidator(CHANNEL)])
    picture = models.CharField(max_length=10, choices=PictureState, default=PictureState.UNKNOWN, editable=False)
    picture_at = models.DateTimeField(null=True, blank=True, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["camera"], name=CAMERA_ONCE, condition=Q(removed_at__isnull=True)),
            models.UniqueConstraint(
                fields=["core", "channel"], name=CHANNEL_ONCE, condition=Q(removed_at__isnull=True)
            ),
            models.CheckConstraint(name="device_camera_channel_form", condition=Q(channel__regex=CHANNEL)),
            models.CheckConstraint(name="device_camera_picture_in_list", condition=Q(picture__in=PictureState.values)),
            models.CheckConstraint(
                name="device_camera_removed_later",
                condition=Q(removed_at__isnull=True) | Q(removed_at__gte=F("added_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.channel


class CameraProblem(RandomIdRow):
    """A problem of a camera, from the CORE's report until the camera was well for ten minutes.

    ended_at: when the CORE reported the camera well. No page of the agency and no entry of the log shows a problem.
    """

    behind = models.ForeignKey(DeviceCamera, on_delete=models.CASCADE, related_name="problems")
    kind = models.CharField(max_length=10, choices=ProblemKind)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["behind", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["behind", "kind"], name="camera_problem_once"),
            models.CheckConstraint(name="camera_problem_kind_in_list", condition=Q(kind__in=ProblemKind.values)),
            models.CheckConstraint(
                name="camera_problem_ended_later", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.behind_id}"
