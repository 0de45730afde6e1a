from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Problem(TextChoices):
    """A fault of a row, worded for the person who mends the file. None repeats the row's content."""

    CELLS = "cells", _("This row has another number of cells than the first line.")
    CHARACTERS = "characters", _("This cell holds characters that no text has.")
    TOO_LONG = "too_long", _("This is too long.")
    NAME = "name", _("The name is missing.")
    EMAIL = "email", _("This is not an e-mail address.")
    STREET = "street", _("The street and number are missing.")
    CITY = "city", _("The city is missing.")
    STATE = "state", _("A state has two letters, for example AL.")
    ZIP_CODE = "zip_code", _("This is not a ZIP code of that state.")
    KIND = "kind", _("Write person or business.")
    PLACE_KIND = "place_kind", _("Write home, business or other.")
    POINT = "point", _("Latitude and longitude are both needed, as numbers of degrees.")
    FAR = "far", _("This point is far from the ZIP code. Were latitude and longitude swapped?")
    OUTSIDE = "outside", _("This place is outside the area that this office serves.")
    WAY_IN = "way_in", _("This looks like the address of a camera's video, or a sign-in to it. None is kept.")
    CAMERAS = "cameras", _("Write a number of cameras from 0 to 50.")
    CONSENT_DATE = "consent_date", _("This is not a day that can be right, so the person is only invited.")
    CONSENT_MISSING = "consent_missing", _("Day or source of the consent is missing, so the person is only invited.")
