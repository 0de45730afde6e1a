"""Who is in the registry, where, and with which cameras.

No column holds a stream address, a network address, a sign-in or a key of a camera: a registered
camera can't be watched because there is nowhere to write down how (promise R2).
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from audit.actors import Subject
from fusus_portal.geo import Address, point_index
from fusus_portal.geo.models import Located
from registry.models.numbers import registrant_number

ZIP_CODE = r"^\d{5}(-\d{4})?$"
LANGUAGES = {"en": "English", "es": "Español"}
COUNTY_FIPS = r"^\d{5}$"


class RegistrantKind(models.TextChoices):
    """Who registers."""

    PERSON = "person", _("Person")
    BUSINESS = "business", _("Business")


class PremisesKind(models.TextChoices):
    """What stands at an address."""

    HOME = "home", _("Home")
    BUSINESS = "business", _("Business")
    OTHER = "other", _("Other place")


class Registrant(models.Model):
    """A person or business in the registry, with the account that keeps it.

    reference: what the registrant tells the office on the phone. language: of messages, "en" or "es".
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registrant")
    reference = models.CharField(max_length=16, unique=True, default=registrant_number, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=RegistrantKind)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone number"), max_length=20)
    language = models.CharField(_("language of messages"), max_length=10, choices=LANGUAGES)
    registered_at = models.DateTimeField(default=timezone.now, editable=False)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="registrant_kind_in_list", condition=Q(kind__in=RegistrantKind.values)),
            models.CheckConstraint(name="registrant_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("registrant", str(self.pk))


class Premises(Located):
    """An address with a point. county_fips: the five digits of the county that the point lies in.

    placed_at: when the point was last set. moved_at: when the address last became another one, None when it never did.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="premises")
    kind = models.CharField(_("kind of place"), max_length=10, choices=PremisesKind)
    street = models.CharField(_("street and number"), max_length=120)
    city = models.CharField(_("city"), max_length=80)
    state = models.CharField(_("state"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    zip_code = models.CharField(_("ZIP code"), max_length=10, validators=[RegexValidator(ZIP_CODE)])
    county_fips = models.CharField(max_length=5, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta(Located.Meta):
        verbose_name_plural = "premises"
        constraints: ClassVar = [
            *Located.Meta.constraints,
            models.CheckConstraint(name="premises_kind_in_list", condition=Q(kind__in=PremisesKind.values)),
            models.CheckConstraint(name="premises_county_five_digits", condition=Q(county_fips__regex=COUNTY_FIPS)),
            models.CheckConstraint(name="premises_zip_code_form", condition=Q(zip_code__regex=ZIP_CODE)),
        ]
        indexes: ClassVar = [point_index("premises_point")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("premises", str(self.pk))

    @property
    def address(self) -> Address:
        """The address as people write it."""
        return Address(self.street, self.city, self.state, self.zip_code)


class CameraQuerySet(models.QuerySet["Camera"]):
    """Cameras, with and without those that their owner has removed."""

    def registered(self) -> "CameraQuerySet":
        """Return the cameras that are in the registry now."""
        return self.filter(removed_at__isnull=True)


class Camera(models.Model):
    """A camera at a place. Any kind is welcome; only the place is required (promise R10).

    removed_at: set when its owner takes it out of the registry. It is then in no search, and its
    owner can still read who looked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="cameras")
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind of camera"), max_length=80, blank=True)
    make = models.CharField(_("make"), max_length=80, blank=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    covers = models.CharField(_("what it covers"), max_length=200, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CameraQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="camera_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("camera", str(self.pk))
