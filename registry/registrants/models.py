from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast, Length, Upper
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fusus_portal.ground.agency.models import Document
from fusus_portal.ground.numbers import fresh
from fusus_portal.ground.rows import RandomIdRow, Recorded
from registry.rules import DRAFT_KEPT, LONGEST_DRAFT

LANGUAGES = {"en": "English", "es": "Español"}


def default_expires_at() -> datetime:
    return timezone.now() + DRAFT_KEPT


class RegistrationDraft(Recorded):
    """Values of an unfinished registration by step, so that a person can continue later and elsewhere.

    typed: text, numbers and lists; no search reads it. reminded_at: when the one reminder was sent. The row is deleted
    when the person registers, starts over, or does not continue for 30 days.
    """

    subject_kind = "draft"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="registration_draft")
    typed: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    touched_at = models.DateTimeField(default=timezone.now, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(default=default_expires_at, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="registration_draft_is_bounded",
                condition=LessThanOrEqual(Length(Cast(F("typed"), TextField())), LONGEST_DRAFT),
            ),
            models.CheckConstraint(
                name="registration_draft_expires_later", condition=models.Q(expires_at__gt=F("touched_at"))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="registration_draft_expiry")]


class RegistrantKind(models.TextChoices):
    PERSON = "person", _("Person")
    BUSINESS = "business", _("Business")


class ContactWay(models.TextChoices):
    """Ways for a deputy to reach a registrant. The portal itself sends e-mail, and texts to those who want them."""

    EMAIL = "email", _("By e-mail only")
    CALL = "call", _("By e-mail, and a deputy may call me about footage that I gave")


def registrant_number() -> str:
    return fresh("G")


class Registrant(Recorded):
    """A person or business in the registry, with the account that keeps it.

    reference: their number, for calls to the office. phone: "" if they gave none. language: of messages, "en" or "es".
    contact_person, hours: of a business. second_phone: another number to call.
    """

    subject_kind = "registrant"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registrant")
    reference = models.CharField(max_length=16, unique=True, default=registrant_number, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=RegistrantKind)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    language = models.CharField(_("language of messages"), max_length=10, choices=LANGUAGES)
    contact_way = models.CharField(
        _("how to contact them"), max_length=10, choices=ContactWay, default=ContactWay.EMAIL
    )
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
            models.CheckConstraint(
                name="registrant_call_has_phone", condition=~Q(contact_way=ContactWay.CALL) | ~Q(phone="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(Upper("name"), condition=Q(kind=RegistrantKind.BUSINESS), name="registrant_business_name")
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def email(self) -> str:
        return self.user.email


class Agreement(RandomIdRow):
    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="agreements")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registrant", "document"], name="agreement_once"),
        ]
