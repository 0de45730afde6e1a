from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.lifecycle import Other
from fusus_portal.ground.rows import RandomIdRow, Recorded, both_or_none
from registry.incidents.dispatch_format import LONGEST_ID
from registry.incidents.models.incidents import Incident

KEY_ID = r"^[a-z0-9][a-z0-9._-]{1,39}$"
SLOTS = (1, 2)
"""Two keys of a dispatch system may be valid at once, so that a new one can replace the old one."""


class DispatchKey(Recorded):
    """A public key of a dispatch system, valid from a second administrator's approval until it is retired.

    source: the dispatch system, as it names itself. key_id: as its signatures name the key. public_key: base64.
    """

    subject_kind = "dispatch-key"

    source = models.CharField(_("dispatch system"), max_length=40, validators=[RegexValidator(KEY_ID)])
    key_id = models.CharField(_("id of the key"), max_length=40, unique=True, validators=[RegexValidator(KEY_ID)])
    public_key = models.CharField(max_length=64, unique=True)
    slot = models.PositiveSmallIntegerField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = staff_key()
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_by = staff_key()
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="dispatch_key_slot", condition=Q(slot__in=SLOTS)),
            models.UniqueConstraint(
                fields=["source", "slot"], name="dispatch_key_two_at_once", condition=Q(retired_at__isnull=True)
            ),
            both_or_none("dispatch_key_approved_pair", "approved_by", "approved_at"),
            models.CheckConstraint(
                name="dispatch_key_by_two", condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by"))
            ),
            both_or_none("dispatch_key_retired_pair", "retired_by", "retired_at"),
        ]

    def __str__(self) -> str:
        return self.key_id

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.DEVICE, self.key_id, role=Other.DISPATCH)

    @property
    def is_valid(self) -> bool:
        return self.approved_at is not None and self.retired_at is None


class Way(models.TextChoices):
    HTTPS = "https", _("automatically")
    FILE = "file", _("as a file")


class DispatchDelivery(Recorded):
    """One signed text that was taken. Its id is taken once for a dispatch system, whatever the key."""

    subject_kind = "dispatch-delivery"

    key = models.ForeignKey(DispatchKey, on_delete=models.PROTECT, related_name="deliveries")
    source = models.CharField(max_length=40)
    delivery = models.CharField(max_length=LONGEST_ID)
    way = models.CharField(max_length=5, choices=Way)
    uploaded_by = staff_key()
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    taken = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "delivery"], name="dispatch_delivery_once"),
            models.CheckConstraint(name="dispatch_delivery_way_in_list", condition=Q(way__in=Way.values)),
            models.CheckConstraint(
                name="dispatch_file_has_a_person",
                condition=Q(way=Way.HTTPS, uploaded_by__isnull=True) | Q(way=Way.FILE, uploaded_by__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-received_at"], name="dispatch_delivery_latest")]

    def __str__(self) -> str:
        return f"{self.source} {self.delivery}"


class DispatchRecord(RandomIdRow):
    """Latest report of dispatch about an incident. differs_at: since when it differs; a supervisor settles it."""

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="dispatch")
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=LONGEST_ID)
    as_of = models.DateTimeField()
    said = models.JSONField(default=dict)
    differs_at = models.DateTimeField(null=True, blank=True, editable=False)
    settled_by = staff_key()
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="dispatch_record_once"),
            both_or_none("dispatch_record_settled_pair", "settled_by", "settled_at"),
            models.CheckConstraint(
                name="dispatch_record_settled_what_differs",
                condition=Q(settled_at__isnull=True) | Q(differs_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"

    @property
    def differs(self) -> bool:
        return self.differs_at is not None and self.settled_at is None
