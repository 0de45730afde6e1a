"""The county's streets and addresses, as loaded. Nothing here comes from registrations."""

from datetime import date
from typing import Final

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, gettext_noop

from audit.log.actors import Subject
from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.geo.search import PlaneBox, PlanePoint
from fusus_portal.ground.streets.finder.numbers import HouseNumber

from .states import LoadState

CENSUS: Final = gettext_noop("U.S. Census Bureau and county data")
"""Attribution of the map if a load names no other."""

DERIVED: Final = ""
"""Feature class of a block that was derived from address points."""


class StreetData(models.Model):
    """One load of files, which replaces the previous one as a whole.

    files: folder of the upload, or "". is_elsewhere: another county's data is accepted. why: the sentence that stopped
    the load. sources: for each file name, kind, numbers of rows taken and skipped, and examples. cities: by ZIP code,
    those with most addresses first; "" for addresses without one. map_name: file of its street map, or "".
    corrections: number of staff's changes to its addresses. tries: workers that began to read the files.
    """

    state = models.CharField(max_length=8, choices=LoadState, default=LoadState.LOADING)
    dated = models.DateField(null=True, blank=True)
    attribution = models.CharField(max_length=200, default=CENSUS)
    loaded_at = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_by = staff_key()
    files = models.CharField(max_length=64, blank=True)
    is_elsewhere = models.BooleanField(default=False)
    why = models.CharField(max_length=300, blank=True)
    sources = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    cities = models.JSONField(default=dict)
    map_name = models.CharField(max_length=64, blank=True)
    corrections = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("streets and addresses")
        constraints = [
            models.CheckConstraint(name="streets_state_in_list", condition=Q(state__in=LoadState.values)),
            models.UniqueConstraint(fields=["state"], condition=Q(state=LoadState.CURRENT), name="streets_one_in_use"),
        ]

    def __str__(self) -> str:
        return f"streets of {self.date:%Y-%m-%d}"

    @property
    def date(self) -> date:
        """The date of the data, or else the day of loading."""
        return self.dated or timezone.localdate(self.loaded_at)

    @property
    def subject(self) -> Subject:
        return Subject("streets", str(self.pk))

    @property
    def facts(self) -> dict[str, int | str]:
        return {kind: self.counts.get(kind, 0) for kind in ("addresses", "streets", "segments")}


class AddedAddress(models.Model):
    """An address added by staff, brought into each load that is put in use.

    number, letter: as in `HouseNumber`. street: label of the street ("20th St S"). latitude, longitude: a point of the
    street in front of the address, which is public; a person's pin is private.
    """

    number = models.IntegerField()
    letter = models.CharField(max_length=4, blank=True)
    street = models.CharField(max_length=100)
    city = models.CharField(max_length=60)
    zip_code = models.CharField(max_length=5)
    latitude = models.FloatField()
    longitude = models.FloatField()
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "added addresses"
        constraints = [
            models.UniqueConstraint(fields=["street", "number", "letter", "zip_code"], name="streets_added_once")
        ]

    def __str__(self) -> str:
        return f"{HouseNumber(self.number, self.letter)} {self.street}, {self.city} {self.zip_code}"

    @property
    def subject(self) -> Subject:
        return Subject("address", str(self.pk))


class Row(models.Model):
    """A row of a load. The database does not check foreign keys here: a load is written whole or not at all."""

    data = models.ForeignKey(StreetData, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)

    class Meta:
        abstract = True


class Street(Row):
    """All of a county's streets of one name, as one row. label: as people read it ("20th St S")."""

    key = models.CharField(max_length=100)
    base = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, blank=True)
    direction = models.CharField(max_length=5, blank=True)
    first = models.BooleanField(default=False)
    label = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index("data", name="streets_street_data")]

    def __str__(self) -> str:
        return self.label


class House(Row):
    street = models.ForeignKey(Street, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    number = models.IntegerField()
    letter = models.CharField(max_length=4, blank=True)
    zip_code = models.CharField(max_length=5, blank=True)
    city = models.CharField(max_length=60, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        indexes = [models.Index("street", "number", name="streets_house_number")]

    def __str__(self) -> str:
        return f"{self.number}{self.letter}"


class Segment(Row):
    """A piece of a street between two corners. line: well-known binary, longitude first.

    Numbers run from the line's first point to its last, left and right; None for a side without any. road: the Census
    Bureau's feature class (MTFCC), or DERIVED: such a block has only its first house's number, since none between two
    houses is known. drawn: on the map; files may contain a street twice.
    """

    street = models.ForeignKey(Street, null=True, on_delete=models.DO_NOTHING, db_constraint=False)
    road = models.CharField(max_length=5)
    drawn = models.BooleanField(default=True)
    left_from = models.IntegerField(null=True)
    left_to = models.IntegerField(null=True)
    right_from = models.IntegerField(null=True)
    right_to = models.IntegerField(null=True)
    left_zip = models.CharField(max_length=5, blank=True)
    right_zip = models.CharField(max_length=5, blank=True)
    line = models.BinaryField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        indexes = [
            GistIndex(
                PlaneBox(PlanePoint(F("west"), F("south")), PlanePoint(F("east"), F("north"))),
                name="streets_segment_box",
            )
        ]


class Corner(Row):
    """A corner of two streets; two rows, so that each street is `street` once."""

    street = models.ForeignKey(Street, related_name="corners", on_delete=models.DO_NOTHING, db_constraint=False)
    other = models.ForeignKey(
        Street, related_name="+", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    latitude = models.FloatField()
    longitude = models.FloatField()


class Site(Row):
    name = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=120, blank=True)
    road = models.CharField(max_length=5)
    latitude = models.FloatField()
    longitude = models.FloatField()
    outline = models.BinaryField(null=True)
