from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.rows import Recorded, both_or_none
from registry.people.models import Registrant
from shop.rules import HIGHEST_TAX

STATE = r"^[A-Z]{2}$"
ZIP_PREFIX = r"^\d{0,5}$"


class TaxRate(Recorded):
    """The rate of a tax code in a state, or for ZIP codes that begin with some digits, for a time.

    zip_prefix: "" for the whole state; the longest that fits counts. ends_on: the first day without it. Two of one
    place and code never overlap: an exclusion constraint of the migration prevents it.
    """

    subject_kind = "tax_rate"

    state_code = models.CharField(_("state"), max_length=2)
    zip_prefix = models.CharField(_("ZIP codes that begin with"), max_length=5, blank=True)
    tax_code = models.CharField(_("tax code"), max_length=40)
    basis_points = models.PositiveSmallIntegerField(_("hundredths of a percent"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("ends before"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="tax_rate_state", condition=Q(state_code__regex=STATE)),
            models.CheckConstraint(name="tax_rate_zip_prefix", condition=Q(zip_prefix__regex=ZIP_PREFIX)),
            models.CheckConstraint(name="tax_rate_code", condition=~Q(tax_code="")),
            models.CheckConstraint(name="tax_rate_height", condition=Q(basis_points__lte=HIGHEST_TAX)),
            models.CheckConstraint(
                name="tax_rate_ends_later", condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_code} {self.zip_prefix} {self.basis_points}"


class ExemptionCertificate(Recorded):
    """A certificate by which a business pays no sales tax in a state. It counts once approved, through valid_until.

    registrant: None once it has left; party: its name, copied. paper: the key of its file (`shop.catalogue.files`).
    """

    subject_kind = "exemption"

    registrant = models.ForeignKey(
        Registrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="exemptions"
    )
    party = models.CharField(_("business"), max_length=120)
    state_code = models.CharField(_("state"), max_length=2)
    number = models.CharField(_("number of the certificate"), max_length=40)
    valid_until = models.DateField(_("valid until"))
    paper = models.CharField(max_length=80, unique=True, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = staff_key()
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_by = staff_key()
    declined_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="exemption_state", condition=Q(state_code__regex=STATE)),
            models.CheckConstraint(name="exemption_names", condition=~Q(party="") & ~Q(number="") & ~Q(paper="")),
            both_or_none("exemption_approved_pair", "approved_by", "approved_at"),
            both_or_none("exemption_declined_pair", "declined_by", "declined_at"),
            models.CheckConstraint(
                name="exemption_decided_once", condition=Q(approved_at__isnull=True) | Q(declined_at__isnull=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["sent_at"],
                name="exemption_to_decide",
                condition=Q(approved_at__isnull=True, declined_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.party}"
