from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from audit.log.actors import Actor, ActorKind, Subject
from fusus_portal.ground.accounts.models import User, staff_key
from fusus_portal.ground.geo.models import Located
from fusus_portal.ground.languages import local, written
from fusus_portal.ground.lifecycle import Other
from fusus_portal.ground.rows import InLog, RandomIdRow, Recorded, Stepped, both_or_none
from registry.incidents.dispatch_format import LONGEST_ID
from registry.incidents.number_format import LONGEST_NUMBER, LONGEST_PATTERN
from registry.incidents.states import INCIDENT, JOIN, IncidentState, JoinState
from registry.rules import GOES_ON_FOR, INCIDENT_NUMBER_FORMAT, LONGEST_REASON


class IncidentType(Recorded):
    """One entry of the agency's list of crimes and emergencies. Administrators edit it; none is fixed in code.

    emergency: help for people in danger, not a crime. declares: an incident of this type is critical at once if
    dispatch sends it, and only then. retention: None for the standard category. retired_at: no new incident can have
    the type; those that have it keep it.
    """

    subject_kind = "incident-type"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_es = models.CharField(_("name in Spanish"), max_length=80, blank=True)
    emergency = models.BooleanField(_("emergency"), default=False)
    declares = models.BooleanField(_("critical at once"), default=False)
    retention = models.ForeignKey(
        "registry.RetentionCategory", on_delete=models.PROTECT, null=True, blank=True, related_name="incident_types"
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.label

    @property
    def names(self) -> tuple[str, str]:
        """Names in English and Spanish; the second may be empty."""
        return self.name, self.name_es

    @property
    def label(self) -> str:
        return local(self.name, self.name_es)


class NumberFormat(models.Model):
    """The agency's format of incident numbers. At most one row; without it `INCIDENT_NUMBER_FORMAT` applies."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    pattern = models.CharField(_("format"), max_length=LONGEST_PATTERN, default=INCIDENT_NUMBER_FORMAT)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="number_format_one_row", condition=Q(id=1)),
            models.CheckConstraint(name="number_format_not_empty", condition=~Q(pattern="")),
        ]

    def __str__(self) -> str:
        return self.pattern

    @property
    def subject(self) -> Subject:
        return Subject("number-format", str(self.pk))

    @classmethod
    def current(cls) -> str:
        kept = cls.objects.values_list("pattern", flat=True).first()
        return kept or INCIDENT_NUMBER_FORMAT


VERIFIED = Q(verified_at__isnull=False) | Q(confirmed_at__isnull=False)
"""Condition of a verified incident: a second person or dispatch has confirmed it."""


class IncidentSource(models.TextChoices):
    PERSON = "person", _("A person")
    DISPATCH = "dispatch", _("Dispatch")


class Incident(Located, Stepped):
    """A crime or emergency, its place and its window.

    verified_by: a supervisor who did not open it (CJIS AC-5). confirmed_by: the delivery from dispatch that verified it
    instead of a second person; dispatch may also have opened it (source).
    goes_on: ongoing, not over at `ends_at`, the time of the last update; closing ends it.
    changed_by: the last person who changed its type, place or time. voided_at: when such a change last took back its
    verification, so that it must be verified again.
    lapsed_at: when it closed because nobody verified it in time; a flag for auditors.
    A closed incident has either closed_at with closed_by, or lapsed_at. settled_at: from then on its requests are
    withdrawn and its closing can't be taken back; a lapsed incident is settled at once.
    """

    subject_kind = "incident"
    lifecycle = INCIDENT

    number = models.CharField(_("incident number"), max_length=LONGEST_NUMBER, unique=True)
    type = models.ForeignKey(IncidentType, on_delete=models.PROTECT, related_name="incidents")
    place = models.CharField(_("place"), max_length=160)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    goes_on = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=IncidentState, default=IncidentState.OPEN, editable=False)
    source = models.CharField(max_length=10, choices=IncidentSource, default=IncidentSource.PERSON, editable=False)
    # None for an incident from dispatch: check `source` first. Typed as a person, which it is everywhere else.
    opened_by: "models.ForeignKey[User, User]" = models.ForeignKey(  # type: ignore[misc]
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="opened_incidents"
    )
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    verified_by = staff_key("verified_incidents")
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        "registry.DispatchDelivery", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_by = staff_key()
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = staff_key("closed_incidents")
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    lapsed_at = models.DateTimeField(null=True, blank=True, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta(Located.Meta):
        constraints: ClassVar = [
            *Located.Meta.constraints,
            models.CheckConstraint(name="incident_state_in_list", condition=Q(state__in=IncidentState.values)),
            models.CheckConstraint(name="incident_window", condition=Q(ends_at__gt=F("starts_at"))),
            both_or_none("incident_verified_pair", "verified_by", "verified_at"),
            models.CheckConstraint(
                name="incident_verified_by_second_person",
                condition=Q(verified_by__isnull=True) | Q(opened_by__isnull=True) | ~Q(verified_by=F("opened_by")),
            ),
            both_or_none("incident_confirmed_pair", "confirmed_by", "confirmed_at"),
            models.CheckConstraint(
                name="incident_opened_by_source",
                condition=Q(source=IncidentSource.PERSON, opened_by__isnull=False)
                | Q(source=IncidentSource.DISPATCH, opened_by__isnull=True),
            ),
            both_or_none("incident_changed_pair", "changed_by", "changed_at"),
            models.CheckConstraint(
                name="incident_verified_by_no_changer",
                condition=Q(verified_by__isnull=True) | Q(changed_by__isnull=True) | ~Q(verified_by=F("changed_by")),
            ),
            both_or_none("incident_closed_pair", "closed_by", "closed_at"),
            models.CheckConstraint(
                name="incident_closed_has_time",
                condition=Q(state=IncidentState.OPEN, closed_at__isnull=True, lapsed_at__isnull=True)
                | Q(state=IncidentState.CLOSED, closed_at__isnull=False, lapsed_at__isnull=True)
                | Q(
                    state=IncidentState.CLOSED,
                    closed_at__isnull=True,
                    lapsed_at__isnull=False,
                    verified_at__isnull=True,
                    confirmed_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="incident_settled_once_closed",
                condition=(Q(settled_at__isnull=True) & Q(lapsed_at__isnull=True))
                | (Q(settled_at__isnull=False) & Q(state=IncidentState.CLOSED)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["closed_at"],
                name="incident_to_settle",
                condition=Q(state=IncidentState.CLOSED, settled_at__isnull=True),
            ),
            models.Index(fields=["-opened_at", "id"], name="incident_latest"),
            models.Index(
                fields=["opened_at"],
                name="incident_open_unverified",
                condition=Q(state=IncidentState.OPEN, verified_at__isnull=True, confirmed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def place_in_words(self) -> str:
        return written(self.place)

    @property
    def in_log(self) -> InLog:
        """Facts for entries about the incident. Its type must be loaded."""
        return {"incident": str(self.pk), "offence_type": self.type.code}

    @property
    def until(self) -> datetime:
        """End of the incident; now while it is ongoing, for at most a day after the last update."""
        return min(timezone.now(), self.ends_at + GOES_ON_FOR) if self.goes_on else self.ends_at

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None or self.confirmed_at is not None

    @property
    def takes_answers(self) -> bool:
        """True if owners can still answer: the incident is open, or its closing can be taken back."""
        return self.settled_at is None


class Correction(Recorded):
    """A supervisor sent an unverified incident back. sentence: what to correct. The next change answers it."""

    subject_kind = "correction"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="corrections")
    sentence = models.CharField(max_length=LONGEST_REASON, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = staff_key()
    made_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident"], name="correction_one_at_once", condition=Q(made_at__isnull=True)
            ),
            models.CheckConstraint(name="correction_has_sentence", condition=~Q(sentence="")),
            both_or_none("correction_made_pair", "made_by", "made_at"),
        ]


class Assignment(RandomIdRow):
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "user"], name="assignment_once"),
        ]


KEY_ID = r"^[a-z0-9][a-z0-9._-]{1,39}$"
KEY_SLOTS = (1, 2)
"""Two keys of a dispatch system may be valid at once, so that a new one can replace the old one."""


class DispatchKey(Recorded):
    """A public key of a dispatch system, in base64, valid from a second administrator's approval until retired."""

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
            models.CheckConstraint(name="dispatch_key_slot", condition=Q(slot__in=KEY_SLOTS)),
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


class DeliveryWay(models.TextChoices):
    HTTPS = "https", _("automatically")
    FILE = "file", _("as a file")


class DispatchDelivery(Recorded):
    """One signed text that was accepted. Its id is accepted once for a dispatch system, whatever the key."""

    subject_kind = "dispatch-delivery"

    key = models.ForeignKey(DispatchKey, on_delete=models.PROTECT, related_name="deliveries")
    source = models.CharField(max_length=40)
    delivery = models.CharField(max_length=LONGEST_ID)
    way = models.CharField(max_length=5, choices=DeliveryWay)
    uploaded_by = staff_key()
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    taken = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "delivery"], name="dispatch_delivery_once"),
            models.CheckConstraint(name="dispatch_delivery_way_in_list", condition=Q(way__in=DeliveryWay.values)),
            models.CheckConstraint(
                name="dispatch_file_has_a_person",
                condition=Q(way=DeliveryWay.HTTPS, uploaded_by__isnull=True)
                | Q(way=DeliveryWay.FILE, uploaded_by__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-received_at"], name="dispatch_delivery_latest")]


class DispatchRecord(RandomIdRow):
    """Latest report of dispatch about an incident. differs_at: since when the portal differs from it."""

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

    @property
    def differs(self) -> bool:
        return self.differs_at is not None and self.settled_at is None


class JoinQuestion(Stepped):
    """A person asks, by a number that they were told, to work on an incident.

    number: as the agency writes it, real or not. incident: None if there is no such incident.
    ends_at: from then on nobody can answer. Nobody answers their own question, or one about no incident.
    """

    subject_kind = "join"
    lifecycle = JOIN
    step_columns = ("asked_by_id",)

    number = models.CharField(_("incident number"), max_length=LONGEST_NUMBER, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, blank=True, related_name="joins")
    state = models.CharField(max_length=10, choices=JoinState, default=JoinState.ASKED, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="joins")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_at = models.DateTimeField(editable=False)
    answered_by = staff_key()
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="join_state_in_list", condition=Q(state__in=JoinState.values)),
            models.CheckConstraint(name="join_has_number", condition=~Q(number="")),
            models.CheckConstraint(name="join_ends_later", condition=Q(ends_at__gt=F("asked_at"))),
            both_or_none("join_answered_pair", "answered_by", "answered_at"),
            models.CheckConstraint(
                name="join_answered_once_decided",
                condition=Q(state=JoinState.ASKED, answered_at__isnull=True)
                | Q(
                    state__in=[JoinState.ADMITTED, JoinState.DECLINED],
                    answered_at__isnull=False,
                    incident__isnull=False,
                    answered_at__lt=F("ends_at"),
                ),
            ),
            models.CheckConstraint(
                name="join_answered_by_second_person",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["asked_by", "-asked_at"], name="join_by_person")]

    @property
    def in_log(self) -> InLog:
        """Facts of the incident for entries, {} for an unknown number. The incident's type must be loaded."""
        return self.incident.in_log if self.incident is not None else {}
