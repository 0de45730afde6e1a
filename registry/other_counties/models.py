from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.geo.counties import UnknownCounty, county
from fusus_portal.ground.numbers import fresh
from fusus_portal.ground.rows import RandomIdRow, Recorded, Stepped
from registry.other_counties.states import LEAD, LeadState
from registry.places.models import COUNTY_FIPS
from registry.registrants.models import Registrant
from registry.rules import LEAD_KEPT, LONGEST_NOTE


class InCounty(models.Model):
    county_fips = models.CharField(_("county"), max_length=5)

    class Meta:
        abstract = True

    @property
    def county_name(self) -> str:
        return county_name(self.county_fips)


class CountyAgency(InCounty, Recorded):
    """An agency in another county. Administrators keep the table; it has no data of residents.

    url: where people register cameras there, "https://...", or "".
    """

    subject_kind = "county_agency"

    county_fips = models.CharField(_("county"), max_length=5, unique=True)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    url = models.URLField(_("registry's address"), max_length=300, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "agencies by county"
        constraints: ClassVar = [
            models.CheckConstraint(name="county_agency_five_digits", condition=Q(county_fips__regex=COUNTY_FIPS)),
            models.CheckConstraint(name="county_agency_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="county_agency_url_is_https", condition=Q(url="") | Q(url__startswith="https://")
            ),
        ]

    def __str__(self) -> str:
        return self.name


def lead_number() -> str:
    return fresh("L")


def default_delete_after() -> datetime:
    """Return the latest moment at which a lead opened now loses its personal data."""
    return timezone.now() + LEAD_KEPT


class OutreachLead(InCounty, Stepped):
    """A person moved to a county and agreed that its agency be asked to run a registry, too (promise R7).

    name, email: only if the person agreed that this agency may write to them; emptied when the lead is closed, at the
    latest on delete_after. registrant: None once the person has left.
    """

    subject_kind = "lead"
    lifecycle = LEAD

    reference = models.CharField(max_length=16, unique=True, default=lead_number, editable=False)
    registrant = models.ForeignKey(
        Registrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads", editable=False
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    state = models.CharField(max_length=10, choices=LeadState, default=LeadState.OPEN, editable=False)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    delete_after = models.DateTimeField(default=default_delete_after, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="lead_county_five_digits", condition=Q(county_fips__regex=COUNTY_FIPS)),
            models.CheckConstraint(name="lead_state_in_list", condition=Q(state__in=LeadState.values)),
            models.CheckConstraint(
                name="lead_contact_is_whole", condition=Q(name="", email="") | (~Q(name="") & ~Q(email=""))
            ),
            models.CheckConstraint(
                name="lead_closed_names_nobody",
                condition=Q(state=LeadState.CLOSED, closed_at__isnull=False, name="", email="")
                | (~Q(state=LeadState.CLOSED) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(name="lead_deleted_after_opening", condition=Q(delete_after__gt=F("opened_at"))),
        ]
        indexes: ClassVar = [
            models.Index(fields=["county_fips"], name="lead_open", condition=~Q(state=LeadState.CLOSED)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def names_somebody(self) -> bool:
        """True while the lead holds name and e-mail address of a person who agreed that the agency may write."""
        return bool(self.email)


class OutreachNote(RandomIdRow):
    """An administrator's note on a lead, deleted when the lead is closed."""

    lead = models.ForeignKey(OutreachLead, on_delete=models.CASCADE, related_name="notes")
    text = models.CharField(_("note"), max_length=LONGEST_NOTE)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["written_at"]
        constraints: ClassVar = [
            models.CheckConstraint(name="outreach_note_has_text", condition=~Q(text="")),
        ]


def county_name(fips: str) -> str:
    """Return the name of a county, or its five digits if the boundaries in use lack it."""
    try:
        return str(county(fips))
    except UnknownCounty:
        return fips
