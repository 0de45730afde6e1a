"""Declarations: an incident is critical for a time, at a place. Without one in force no deputy sees a camera live."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.geo.models import Located
from fusus_portal.ground.rows import Stepped, both_or_none
from integration.critical.states import DECLARATION, DeclarationState
from integration.rules import BREAK_GLASS_LIFE, DECLARED_AT_MOST, LARGEST_RADIUS_M
from registry.incidents.models import Incident

LONGEST_REASON = 500


class DeclarationKind(models.TextChoices):
    SUPERVISOR = "supervisor", _("A supervisor")
    TYPE = "type", _("Its type, as dispatch sent it")
    BREAK_GLASS = "break_glass", _("Two people, without a supervisor")


class DeclarationEnd(models.TextChoices):
    ENDED = "ended", _("Somebody ended it")
    OVER = "over", _("Its time was over")
    CLOSED = "closed", _("The incident was closed")
    CHANGED = "changed", _("The incident was changed")
    DECLINED = "declined", _("It was not confirmed")
    REPLACED = "replaced", _("Another took its place")


class Declaration(Stepped, Located):
    """A declaration that an incident is critical: around which place, how far, from when to when.

    radius_m: meters around its point. declared_by: None if the incident's type made this. beyond_limits: its circle is
    larger than one supervisor may declare, so a second one confirms it; a second person always confirms broken glass.
    starts_at, ends_at: None until it is in force. first_at: start of the incident's first declaration; none lasts
    longer than 24 hours from there. further_reasons: one for each renewal. For broken glass alone: justify_by: the last
    day for one of the two to justify it; overdue_at: when it was flagged that nobody had. The database allows for each
    incident one declaration in force, one that waits for a second person, and one that broke glass, ever.
    """

    subject_kind = "declaration"
    lifecycle = DECLARATION

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="declarations")
    kind = models.CharField(max_length=12, choices=DeclarationKind, editable=False)
    state = models.CharField(max_length=10, choices=DeclarationState, editable=False)
    radius_m = models.FloatField(_("radius in meters"))
    beyond_limits = models.BooleanField(default=False, editable=False)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    declared_by = staff_key()
    declared_at = models.DateTimeField(default=timezone.now, editable=False)
    seconded_by = staff_key()
    seconded_at = models.DateTimeField(null=True, blank=True, editable=False)
    starts_at = models.DateTimeField(null=True, blank=True, editable=False)
    ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_at = models.DateTimeField(null=True, blank=True, editable=False)
    renewals = models.PositiveSmallIntegerField(default=0, editable=False)
    further_reasons = ArrayField(
        models.CharField(max_length=LONGEST_REASON), default=list, db_default=[], blank=True, editable=False
    )
    ended_by = staff_key()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    end = models.CharField(max_length=10, choices=DeclarationEnd, blank=True, editable=False)
    justify_by = models.DateTimeField(null=True, blank=True, editable=False)
    justification = models.TextField(_("justification"), blank=True)
    justified_by = staff_key()
    justified_at = models.DateTimeField(null=True, blank=True, editable=False)
    overdue_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Located.Meta):
        constraints: ClassVar = [
            *Located.Meta.constraints,
            models.CheckConstraint(name="declaration_state_in_list", condition=Q(state__in=DeclarationState.values)),
            models.CheckConstraint(name="declaration_kind_in_list", condition=Q(kind__in=DeclarationKind.values)),
            models.CheckConstraint(
                name="declaration_end_in_list", condition=Q(end="") | Q(end__in=DeclarationEnd.values)
            ),
            models.UniqueConstraint(
                fields=["incident"],
                name="declaration_one_in_force",
                condition=Q(state=DeclarationState.IN_FORCE),
            ),
            models.UniqueConstraint(
                fields=["incident"], name="declaration_one_waits", condition=Q(state=DeclarationState.PROPOSED)
            ),
            models.UniqueConstraint(
                fields=["incident"],
                name="declaration_glass_broken_once",
                condition=Q(kind=DeclarationKind.BREAK_GLASS, starts_at__isnull=False),
            ),
            models.CheckConstraint(
                name="declaration_radius", condition=Q(radius_m__gt=0, radius_m__lte=LARGEST_RADIUS_M)
            ),
            models.CheckConstraint(name="declaration_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="declaration_declared_by_somebody",
                condition=Q(kind=DeclarationKind.TYPE, declared_by__isnull=True, beyond_limits=False)
                | (~Q(kind=DeclarationKind.TYPE) & Q(declared_by__isnull=False)),
            ),
            both_or_none("declaration_seconded_pair", "seconded_by", "seconded_at"),
            models.CheckConstraint(
                name="declaration_seconded_by_another",
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("declared_by")),
            ),
            models.CheckConstraint(
                name="declaration_beyond_limits_seconded",
                condition=Q(starts_at__isnull=True)
                | Q(seconded_by__isnull=False)
                | (Q(beyond_limits=False) & ~Q(kind=DeclarationKind.BREAK_GLASS)),
            ),
            models.CheckConstraint(
                name="declaration_times",
                condition=Q(starts_at__isnull=True, ends_at__isnull=True, first_at__isnull=True)
                | Q(
                    starts_at__isnull=False,
                    ends_at__gt=F("starts_at"),
                    first_at__lte=F("starts_at"),
                    ends_at__lte=F("first_at") + DECLARED_AT_MOST,
                ),
            ),
            models.CheckConstraint(
                name="declaration_in_force_has_times",
                condition=~Q(state=DeclarationState.IN_FORCE) | Q(starts_at__isnull=False, ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="declaration_waits_without_times",
                condition=~Q(state=DeclarationState.PROPOSED) | Q(starts_at__isnull=True, ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="declaration_ended_has_time",
                condition=(Q(state=DeclarationState.ENDED, ended_at__isnull=False) & ~Q(end=""))
                | (~Q(state=DeclarationState.ENDED) & Q(ended_at__isnull=True, ended_by__isnull=True, end="")),
            ),
            models.CheckConstraint(
                name="declaration_ended_by_somebody",
                condition=Q(end=DeclarationEnd.ENDED, ended_by__isnull=False)
                | Q(end=DeclarationEnd.DECLINED)
                | (~Q(end__in=[DeclarationEnd.ENDED, DeclarationEnd.DECLINED]) & Q(ended_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="declaration_ended_who_when", condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False)
            ),
            both_or_none("declaration_justified_who_when", "justified_by", "justified_at"),
            models.CheckConstraint(
                name="declaration_glass_is_short",
                condition=~Q(kind=DeclarationKind.BREAK_GLASS)
                | Q(starts_at__isnull=True)
                | Q(ends_at__lte=F("starts_at") + BREAK_GLASS_LIFE, justify_by__isnull=False, renewals=0),
            ),
            models.CheckConstraint(
                name="declaration_justified_pair",
                condition=Q(justified_by__isnull=True, justified_at__isnull=True, justification="")
                | (Q(justified_by__isnull=False, justified_at__isnull=False) & ~Q(justification="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ends_at"], name="declaration_in_force_ends", condition=Q(state=DeclarationState.IN_FORCE)
            ),
        ]

    def __str__(self) -> str:
        return f"declaration {self.pk}"

    @property
    def is_glass(self) -> bool:
        return self.kind == DeclarationKind.BREAK_GLASS
