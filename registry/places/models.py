"""Places, and the cameras at a place.

No column holds an address or a key by which somebody could watch a registered camera (promise R2).
"""

from typing import ClassVar, TypedDict

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.models import Located
from fusus_portal.ground.geo.points import Precision
from fusus_portal.ground.geo.search import point_index
from fusus_portal.ground.rows import RandomIdRow, Recorded
from registry.registrants.models import Registrant
from registry.rules import FULL_CIRCLE, LONGEST_DAYS_KEPT, LONGEST_REACH_M

ZIP_CODE = r"^\d{5}(-\d{4})?$"
COUNTY_FIPS = r"^\d{5}$"
PREMISES_ONCE = "premises_once_for_registrant"

ADDRESS = ("street", "city", "state", "zip_code")
"""Columns of an address."""

NOTHING_LEFT: dict[str, str | float] = {
    **dict.fromkeys(("name", *ADDRESS), ""),
    "latitude": 0.0,
    "longitude": 0.0,
    "precision": str(Precision.AREA),
}
"""Values of the columns of a place that its owner removed."""
CAMERA_ONCE = "camera_once_at_place"


class PremisesKind(models.TextChoices):
    HOME = "home", _("Home")
    BUSINESS = "business", _("Business")
    OTHER = "other", _("Other place")


class AddressKey(Func):
    """The database's key of an address: "600 20th St. N" and "600 20TH STREET NORTH" have the same."""

    function = "registry_address_key"
    output_field = models.TextField()


class PremisesQuerySet(models.QuerySet["Premises"]):
    def registered(self) -> "PremisesQuerySet":
        return self.filter(removed_at__isnull=True)

    def unlisted(self) -> "PremisesQuerySet":
        """Return the registered places with cameras whose address neither the county's data nor staff know."""
        return self.registered().filter(Exists(Camera.objects.filter(premises=OuterRef("pk"))), is_listed=False)


class PlaceInLog(TypedDict):
    premises_type: str
    area: str


class Premises(Located, Recorded):
    """An address with a point. county_fips: its five digits. name: the owner's name for it, or "".

    is_listed: the county's data has the address, or staff say that it is right. placed_at: when the point was last set.
    moved_at: when the place last got another address, None if it never did. removed_at: when its owner removed it.
    The row stays for its cameras, so that their owner can still read who looked. It has no name, address or point,
    which the database ensures.
    """

    subject_kind = "premises"
    is_confirmed: bool
    """Set only by the search of a canvass."""

    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="premises")
    kind = models.CharField(_("kind of place"), max_length=10, choices=PremisesKind)
    name = models.CharField(_("name of the place"), max_length=80, blank=True)
    street = models.CharField(_("street and number"), max_length=120)
    city = models.CharField(_("city"), max_length=80)
    state = models.CharField(_("state"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    zip_code = models.CharField(_("ZIP code"), max_length=10, validators=[RegexValidator(ZIP_CODE)])
    county_fips = models.CharField(max_length=5, editable=False)
    is_listed = models.BooleanField(default=True, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PremisesQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Located.Meta):
        verbose_name_plural = "premises"
        constraints: ClassVar = [
            *Located.Meta.constraints,
            models.CheckConstraint(name="premises_kind_in_list", condition=Q(kind__in=PremisesKind.values)),
            models.CheckConstraint(name="premises_county_five_digits", condition=Q(county_fips__regex=COUNTY_FIPS)),
            models.CheckConstraint(
                name="premises_zip_code_form", condition=Q(zip_code__regex=ZIP_CODE) | ~Q(removed_at=None)
            ),
            models.CheckConstraint(name="premises_removed_is_empty", condition=Q(removed_at=None) | Q(**NOTHING_LEFT)),
            models.UniqueConstraint(
                F("registrant"),
                AddressKey("street", "zip_code"),
                name=PREMISES_ONCE,
                condition=Q(removed_at=None),
            ),
        ]
        indexes: ClassVar = [
            point_index("premises_point"),
            models.Index(
                fields=["added_at"], name="premises_unlisted", condition=Q(is_listed=False, removed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def in_log(self) -> PlaceInLog:
        return {"premises_type": self.kind, "area": self.zip_code[:5]}

    @property
    def address(self) -> Address:
        return Address(self.street, self.city, self.state, self.zip_code)


class ConfirmedBy(models.TextChoices):
    """Proof that the owner of a place was met there, or got mail, a bill or a working CORE there."""

    LETTER = "letter", _("a letter with a code")
    DOOR = "door", _("a deputy at the door")
    CARD = "card", _("a card payment with this address")
    CORE = "core", _("a CORE that works there")
    IMPORT = "import", _("the office's former registry")


class Confirmation(Located, RandomIdRow):
    """A confirmation of a place, with the pin of that time. It stays when the place moves, for earlier canvasses."""

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="confirmations")
    way = models.CharField(max_length=6, choices=ConfirmedBy)
    confirmed_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Located.Meta):
        constraints: ClassVar = [
            *Located.Meta.constraints,
            models.CheckConstraint(name="confirmation_way_in_list", condition=Q(way__in=ConfirmedBy.values)),
            models.CheckConstraint(
                name="confirmation_ends_later", condition=Q(ended_at=None) | Q(ended_at__gte=F("confirmed_at"))
            ),
            models.UniqueConstraint(fields=["premises"], name="confirmation_one_in_force", condition=Q(ended_at=None)),
        ]


class CameraQuerySet(models.QuerySet["Camera"]):
    def registered(self) -> "CameraQuerySet":
        return self.filter(removed_at__isnull=True)

    def searchable(self) -> "CameraQuerySet":
        """Return the cameras that a search may find: registered, and not paused."""
        return self.filter(removed_at__isnull=True, paused_at__isnull=True)


class Camera(Recorded):
    """A camera at a place. Any kind is welcome; only the place is required (promise R10).

    facing: degrees from north, clockwise. angle: width of its view, in degrees. reach_m: meters. The three make a
    sector on the map. days_kept: days that the device itself keeps footage. snapshot: the key of a picture of its view
    (`registry.places.snapshot_files`). removed_at: its owner can still read who looked. paused_at: while set, no search
    finds it and no new request asks for it.
    """

    subject_kind = "camera"

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="cameras")
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind of camera"), max_length=80, blank=True)
    make = models.CharField(_("make"), max_length=80, blank=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    covers = models.CharField(_("what it covers"), max_length=200, blank=True)
    facing = models.PositiveSmallIntegerField(_("where it faces"), null=True, blank=True)
    angle = models.PositiveSmallIntegerField(_("how wide it sees"), null=True, blank=True)
    reach_m = models.PositiveSmallIntegerField(_("how far it sees"), null=True, blank=True)
    days_kept = models.PositiveSmallIntegerField(_("days that it keeps footage"), null=True, blank=True)
    snapshot = models.CharField(max_length=100, blank=True, editable=False)
    snapshot_at = models.DateTimeField(null=True, blank=True, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CameraQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["snapshot"])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(F("premises"), Lower("name"), name=CAMERA_ONCE, condition=Q(removed_at=None)),
            models.CheckConstraint(name="camera_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="camera_facing_degrees", condition=Q(facing=None) | Q(facing__lt=FULL_CIRCLE)),
            models.CheckConstraint(
                name="camera_angle_degrees", condition=Q(angle=None) | Q(angle__gte=1, angle__lte=FULL_CIRCLE)
            ),
            models.CheckConstraint(
                name="camera_reach_m", condition=Q(reach_m=None) | Q(reach_m__gte=1, reach_m__lte=LONGEST_REACH_M)
            ),
            models.CheckConstraint(
                name="camera_days_kept",
                condition=Q(days_kept=None) | Q(days_kept__gte=1, days_kept__lte=LONGEST_DAYS_KEPT),
            ),
            models.CheckConstraint(
                name="camera_sector_has_direction", condition=~Q(facing=None) | Q(angle=None, reach_m=None)
            ),
            models.CheckConstraint(
                name="camera_snapshot_has_time",
                condition=Q(snapshot="", snapshot_at=None) | (~Q(snapshot="") & ~Q(snapshot_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name
