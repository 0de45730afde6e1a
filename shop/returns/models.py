"""Returns: one row for each CORE that comes back, with its value as the owner saw it before shipping.

Deductions are published before a CORE is bought, and never edited (trigger).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.languages import local
from fusus_portal.ground.numbers import fresh
from fusus_portal.ground.rows import RandomIdRow, Recorded, Stepped, both_or_none
from integration.cores.models import Core
from registry.registrants.models import Registrant
from shop.catalogue.models import LONGEST_NAME
from shop.orders.models.orders import Order, OrderLine
from shop.parcels.models import Carrier, ShipmentItem
from shop.returns.states import NO_RETURNS, RETURN, ReturnState
from shop.rules import HIGHEST_DEDUCTION

DONE = (ReturnState.ACCEPTED, ReturnState.REFUNDING, ReturnState.CLOSED)


class DeductionSchedule(Recorded):
    """A version of the deductions from returns. The latest that was published before an order counts for its COREs.

    lowest: the smallest refund, in hundredths of a percent of the price.
    """

    subject_kind = "deductions"

    version = models.PositiveIntegerField(unique=True)
    lowest = models.PositiveSmallIntegerField(_("smallest refund"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="deduction_lowest", condition=Q(lowest__gte=1000, lowest__lte=10_000)),
        ]
        indexes: ClassVar = [models.Index(fields=["-published_at"], name="deduction_by_day")]


class AgeStep(models.Model):
    """The deduction for a CORE's age from a number of whole months after shipping."""

    schedule = models.ForeignKey(DeductionSchedule, on_delete=models.PROTECT, related_name="steps")
    from_months = models.PositiveSmallIntegerField()
    basis_points = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="age_step_never_all", condition=Q(basis_points__lte=HIGHEST_DEDUCTION)),
            models.UniqueConstraint(fields=["schedule", "from_months"], name="age_step_once"),
        ]


class PartDeduction(models.Model):
    schedule = models.ForeignKey(DeductionSchedule, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    name_es = models.CharField(max_length=LONGEST_NAME)
    basis_points = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="part_never_all", condition=Q(basis_points__gt=0, basis_points__lte=HIGHEST_DEDUCTION)
            ),
            models.CheckConstraint(name="part_has_names", condition=~Q(name="") & ~Q(name_es="")),
            models.UniqueConstraint(fields=["schedule", "position"], name="part_one_at_a_place"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def local_name(self) -> str:
        return local(self.name, self.name_es)


def return_number() -> str:
    """Return the number for a new return. Older returns begin with R, as requests do, and keep their number."""
    return fresh("X")


class Return(Stepped):
    """One CORE on its way back. Amounts are cents.

    item: the CORE as it was shipped. position: which piece of its line it is; the pieces add up to the line's total.
    registrant: None once the business left. whole: paid for the piece, with its share of discount and tax; device, fee:
    its parts for the CORE and for the first year. age_off: deducted for the age. fee_back: for unused months of the
    fee. parts_off: deducted for missing or broken parts. refund, off: None until the return is accepted. off: cents of
    the refund that come off the invoice at most, since nobody had paid them. credited: those that came off. found:
    serial number in the parcel, or "".
    """

    subject_kind = "return"
    lifecycle = RETURN
    step_columns = ("core_id", "order_id")

    number = models.CharField(max_length=16, unique=True, default=return_number, editable=False)
    item = models.ForeignKey(ShipmentItem, on_delete=models.PROTECT, related_name="returns")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="returns")
    core = models.ForeignKey(Core, on_delete=models.PROTECT, related_name="returns")
    registrant = models.ForeignKey(Registrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="returns")
    state = models.CharField(max_length=12, choices=ReturnState, default=ReturnState.REQUESTED, editable=False)
    position = models.PositiveSmallIntegerField()
    schedule = models.ForeignKey(DeductionSchedule, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    age_months = models.PositiveSmallIntegerField()
    whole = models.BigIntegerField()
    device = models.BigIntegerField()
    fee = models.BigIntegerField()
    age_off = models.BigIntegerField()
    fee_back = models.BigIntegerField()
    lowest = models.BigIntegerField()
    parts_off = models.BigIntegerField(null=True, blank=True)
    refund = models.BigIntegerField(null=True, blank=True)
    off = models.BigIntegerField(null=True, blank=True, editable=False)
    credited = models.BigIntegerField(default=0)
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    carrier = models.CharField(_("carrier"), max_length=10, choices=Carrier, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=40, blank=True)
    labelled_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    received_by = staff_key()
    received_at = models.DateTimeField(null=True, blank=True)
    found = models.CharField(_("serial number in the parcel"), max_length=40, blank=True)
    inspected_by = staff_key()
    inspected_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("findings"), max_length=400, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="return_state_in_list", condition=Q(state__in=ReturnState.values)),
            models.CheckConstraint(
                name="return_worth",
                condition=Q(whole=F("device") + F("fee"), device__gt=0, fee__gte=0, fee_back__gte=0)
                & Q(fee_back__lte=F("fee"), age_off__gte=0, age_off__lt=F("device"))
                & Q(lowest__gt=0, lowest__lte=F("device"), position__gte=1),
            ),
            models.CheckConstraint(
                name="return_refund_is_worth",
                condition=Q(refund__isnull=True)
                | Q(refund__gte=F("lowest") + F("fee_back"), refund__lte=F("device") - F("age_off") + F("fee_back"))
                | Q(refund=F("lowest") + F("fee_back")),
            ),
            models.CheckConstraint(
                name="return_done_has_refund",
                condition=~Q(state__in=DONE) | Q(refund__isnull=False, inspected_at__isnull=False),
            ),
            models.CheckConstraint(
                name="return_credited",
                condition=Q(credited=0) | Q(credited__gt=0, refund__isnull=False, credited__lte=F("refund")),
            ),
            models.CheckConstraint(
                name="return_off",
                condition=Q(off__isnull=True) | Q(off__gte=0, refund__isnull=False, off__lte=F("refund")),
            ),
            both_or_none("return_received_pair", "received_by", "received_at"),
            both_or_none("return_inspected_pair", "inspected_by", "inspected_at"),
            models.UniqueConstraint(
                fields=["item"], name="return_item_once", condition=~Q(state__in=sorted(NO_RETURNS))
            ),
            models.UniqueConstraint(
                fields=["line", "position"], name="return_piece_once", condition=~Q(state__in=sorted(NO_RETURNS))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "requested_at"], name="return_by_state"),
            models.Index(fields=["registrant", "-requested_at"], name="return_of_registrant"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def party(self) -> str:
        return self.registrant.name if self.registrant else self.order.party

    @property
    def expected(self) -> int:
        """The refund if no part is missing or broken."""
        return max(self.device - self.age_off, self.lowest) + self.fee_back


class ReturnPart(models.Model):
    """The deduction from a return for a missing or broken part. Never edited (trigger)."""

    of_return = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="parts")
    part = models.ForeignKey(PartDeduction, on_delete=models.PROTECT, related_name="+")
    cents = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="return_part_off", condition=Q(cents__gt=0)),
            models.UniqueConstraint(fields=["of_return", "part"], name="return_part_once"),
        ]


class ReturnPicture(RandomIdRow):
    """A picture of what was in a return's parcel, re-encoded. key: of its files (`shop.catalogue.files`)."""

    of_return = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="pictures")
    key = models.CharField(max_length=80, unique=True, editable=False)
    taken_at = models.DateTimeField(default=timezone.now, editable=False)
