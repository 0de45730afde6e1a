"""Who is in the registry, and where."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from audit.actors import Subject
from fusus_portal.geo import Address, Precision, point_index
from fusus_portal.geo.models import Located
from registry.models.numbers import registrant_number

ZIP_CODE = r"^\d{5}(-\d{4})?$"
LANGUAGES = {"en": "English", "es": "Español"}
COUNTY_FIPS = r"^\d{5}$"
PREMISES_ONCE = "premises_once_for_registrant"
NOTHING_LEFT: dict[str, str | float] = {
    **dict.fromkeys(("name", "street", "city", "state", "zip_code"), ""),
    "latitude": 0.0,
    "longitude": 0.0,
    "precision": str(Precision.AREA),
}
"""What stands in a place that was removed."""


class RegistrantKind(models.TextChoices):
    """Who registers."""

    PERSON = "person", _("Person")
    BUSINESS = "business", _("Business")


class PremisesKind(models.TextChoices):
    """What stands at an address."""

    HOME = "home", _("Home")
    BUSINESS = "business", _("Business")
    OTHER = "other", _("Other place")


class ContactWay(models.TextChoices):
    """How a deputy may reach a registrant. The portal itself writes e-mail, and nothing else."""

    EMAIL = "email", _("By e-mail only")
    CALL = "call", _("By e-mail, and a deputy may call me about footage that I gave")


class Registrant(models.Model):
    """A person or business in the registry, with the account that keeps it.

    reference: what the registrant tells the office on the phone. language: of messages, "en" or "es".
    contact_person, hours: of a business, whom to ask for and when. second_phone: where else to call.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registrant")
    reference = models.CharField(max_length=16, unique=True, default=registrant_number, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=RegistrantKind)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone number"), max_length=20)
    language = models.CharField(_("language of messages"), max_length=10, choices=LANGUAGES)
    contact_way = models.CharField(_("how to reach them"), max_length=10, choices=ContactWay, default=ContactWay.EMAIL)
    contact_person = models.CharField(_("contact person"), max_length=120, blank=True)
    second_phone = models.CharField(_("second phone number"), max_length=20, blank=True)
    hours = models.CharField(_("hours"), max_length=120, blank=True)
    registered_at = models.DateTimeField(default=timezone.now, editable=False)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="registrant_kind_in_list", condition=Q(kind__in=RegistrantKind.values)),
            models.CheckConstraint(name="registrant_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="registrant_contact_way_in_list", condition=Q(contact_way__in=ContactWay.values)
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("registrant", str(self.pk))


class AddressKey(Func):
    """An address as one key, however it is written: "600 20th St. N" and "600 20TH STREET NORTH" are one place."""

    function = "registry_address_key"
    output_field = models.TextField()


class PremisesQuerySet(models.QuerySet["Premises"]):
    """Places, with and without those that their owner has removed."""

    def registered(self) -> "PremisesQuerySet":
        """Return the places that are in the registry now."""
        return self.filter(removed_at__isnull=True)


class Premises(Located):
    """An address with a point. county_fips: the five digits of the county that the point lies in.

    name: what its owner calls it, or "". placed_at: when the point was last set.
    moved_at: when the address last became another one, None when it never did.
    removed_at: set when its owner removes it. What is left then holds its cameras, so that their owner can still read
    who looked; it has no name, address or point, which the database sees to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="premises")
    kind = models.CharField(_("kind of place"), max_length=10, choices=PremisesKind)
    name = models.CharField(_("name of the place"), max_length=80, blank=True)
    street = models.CharField(_("street and number"), max_length=120)
    city = models.CharField(_("city"), max_length=80)
    state = models.CharField(_("state"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    zip_code = models.CharField(_("ZIP code"), max_length=10, validators=[RegexValidator(ZIP_CODE)])
    county_fips = models.CharField(max_length=5, editable=False)
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
