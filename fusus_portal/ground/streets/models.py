"""The county's streets and addresses, as they were loaded. Nothing here comes from what people registered."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.geo.search import PlaneBox, PlanePoint


class LoadState(models.TextChoices):
    """What a loading is used for."""

    LOADING = "loading", _("Being loaded")
    READY = "ready", _("Ready to be used")
    FAILED = "failed", _("Stopped")
    CURRENT = "current", _("In use")
    PREVIOUS = "previous", _("Kept, to go back to")
    GONE = "gone", _("Deleted")


class StreetData(models.Model):
    """One loading of files, which replaces the one before as a whole.

    sources: one dictionary a file, with its name, kind, and how many rows were taken and left out. counts: rows by
    kind. cities: those of each ZIP code, the one with the most addresses first; "" has those of addresses without one.
    is_drawn: whether the street map of it is there.
    """

    state = models.CharField(max_length=8, choices=LoadState, default=LoadState.LOADING)
    dated = models.DateField(null=True)
    loaded_at = models.DateTimeField(auto_now_add=True)
    sources = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    cities = models.JSONField(default=dict)
    is_drawn = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("streets and addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=[LoadState.CURRENT, LoadState.PREVIOUS]),
                name="streets_data_one_of_a_state",
            )
        ]

    def __str__(self) -> str:
        return f"streets of {self.loaded_at:%Y-%m-%d}"


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
    Bureau's feature class (MTFCC). drawn: whether the map draws it, since files may hold a street twice.
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
