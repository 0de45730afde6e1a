"""The county's streets and addresses, as they were loaded. Nothing here comes from what people registered."""

from datetime import date
from typing import Final

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from audit.log.actors import Subject
from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.geo.search import PlaneBox, PlanePoint

from .house_numbers import HouseNumber
from .states import LoadState

CENSUS: Final = gettext_noop("U.S. Census Bureau and county data")
"""Whose data it is where nobody says otherwise."""

DERIVED: Final = ""
"""The feature class of a block that was derived from address points."""


class StreetData(models.Model):
    """One loading of files, which replaces the one before as a whole.

    files: the folder of the uploaded files, "" where there are none. is_elsewhere: whether another county's data is
    taken. why: the sentence that stopped it. sources: one dictionary a file, with its name, kind, how many rows were
    taken and left out, and some of these with why. counts: rows by kind. cities: those of each ZIP code, the one with
    the most addresses first; "" has those of addresses without one. map_name: the file of its street map, "" before it
    is drawn. attribution: whose data it is, as maps say. corrections: how often staff changed its addresses. tries:
    workers that began to read its files.
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
        """The date of the data; where nobody said it, the day on which it was loaded."""
        return self.dated or timezone.localdate(self.loaded_at)

    @property
    def subject(self) -> Subject:
        """The loading as the log and refusals name it."""
        return Subject("streets", str(self.pk))

    @property
    def facts(self) -> dict[str, int | str]:
        """What the entry of each step says: how many addresses, streets and pieces of them there are."""
        return {kind: self.counts.get(kind, 0) for kind in ("addresses", "streets", "segments")}


class AddedAddress(models.Model):
    """An address that the county's files lack, as staff wrote it down. It is brought into each loading that is used.

    number and letter: as of `HouseNumber`. street: its name as people read it ("20th St S"). latitude, longitude: of
    the street in front of it, since everybody can find it, and one person's pin is nobody's business.
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
        """The address as the log names it: by number, never by what it says."""
        return Subject("address", str(self.pk))


class Row(models.Model):
    """A row of a loading. Foreign keys are not checked by the database: a loading is written whole or not at all."""

    data = models.ForeignKey(StreetData, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)

    class Meta:
        abstract = True


class Street(Row):
    """A street by its name, wherever in the county; label is how people read it ("20th St S")."""

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
    """An address point."""

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

    The numbers run from its first point to its last, left and right; None where a side has none. road: the Census
    Bureau's feature class (MTFCC), or DERIVED: such a block has the number of its first house alone, since no number
    between two houses is known. drawn: whether the map draws it, since files may hold a street twice.
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
    """Where two streets meet; written once for each order of the two."""

    street = models.ForeignKey(Street, related_name="corners", on_delete=models.DO_NOTHING, db_constraint=False)
    other = models.ForeignKey(
        Street, related_name="+", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    latitude = models.FloatField()
    longitude = models.FloatField()


class Site(Row):
    """A place by name, or an area that the map draws: a park, a school, water. outline: well-known binary."""

    name = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=120, blank=True)
    road = models.CharField(max_length=5)
    latitude = models.FloatField()
    longitude = models.FloatField()
    outline = models.BinaryField(null=True)
