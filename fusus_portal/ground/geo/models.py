from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.geo.points import Point, Precision


class Located(models.Model):
    """A row with a point in WGS 84 degrees. A Meta extends the constraints of Located.Meta and adds a `point_index`."""

    latitude = models.FloatField(_("latitude"), validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(_("longitude"), validators=[MinValueValidator(-180), MaxValueValidator(180)])
    precision = models.CharField(_("precision"), max_length=7, choices=Precision)

    class Meta:
        abstract = True
        constraints = [
            # NaN counts as greater than any number in PostgreSQL, so it is refused as well.
            models.CheckConstraint(
                condition=models.Q(latitude__gte=-90, latitude__lte=90),
                name="%(app_label)s_%(class)s_latitude_range",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__gte=-180, longitude__lte=180),
                name="%(app_label)s_%(class)s_longitude_range",
            ),
            models.CheckConstraint(
                condition=models.Q(precision__in=Precision.values),
                name="%(app_label)s_%(class)s_precision_known",
            ),
        ]

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)
