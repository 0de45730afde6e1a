"""Fields of a former registry's row, the columns that hold them (the agency says, we guess), and the row's faults."""

import re
from collections.abc import Mapping, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Field(TextChoices):
    """Fields of a row, in the order of the form and of our own exported files."""

    NAME = "name", _("Name")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Phone number")
    KIND = "kind", _("Person or business")
    LANGUAGE = "language", _("Language (en or es)")
    STREET = "street", _("Street and number")
    CITY = "city", _("City")
    STATE = "state", _("State")
    ZIP_CODE = "zip_code", _("ZIP code")
    PLACE_KIND = "place_kind", _("Home, business or other place")
    LATITUDE = "latitude", _("Latitude")
    LONGITUDE = "longitude", _("Longitude")
    CAMERA = "camera", _("Name of the camera")
    CAMERA_KIND = "camera_kind", _("Kind of camera")
    MAKE = "make", _("Make")
    MODEL = "model", _("Model")
    COVERS = "covers", _("What it covers")
    CAMERAS = "cameras", _("Number of cameras")
    CONSENT_DATE = "consent_date", _("Day of consent")
    CONSENT_SOURCE = "consent_source", _("Source of the consent")
    KEY = "key", _("Number in the former registry")


OF_CAMERA: Mapping[str, Field] = {
    "name": Field.CAMERA,
    "kind": Field.CAMERA_KIND,
    "make": Field.MAKE,
    "model": Field.MODEL,
    "covers": Field.COVERS,
}

NEEDED = (Field.NAME, Field.EMAIL, Field.STREET, Field.CITY, Field.ZIP_CODE)
"""Fields without which no row is imported."""

ALSO_CALLED: Mapping[Field, str] = {
    Field.NAME: "full name|owner|owner name|contact|contact name|registrant|resident",
    Field.EMAIL: "e mail|mail|email address|e mail address|contact email",
    Field.PHONE: "phone number|telephone|tel|mobile|cell|contact phone",
    Field.KIND: "type|owner type|registrant type|registration type",
    Field.LANGUAGE: "lang|preferred language",
    Field.STREET: "address|street address|address 1|address line 1|site address|location",
    Field.CITY: "town|municipality",
    Field.STATE: "st|province",
    Field.ZIP_CODE: "zip|zipcode|postal code|postcode|postal",
    Field.PLACE_KIND: "place type|premises type|property type|location type",
    Field.LATITUDE: "lat|y",
    Field.LONGITUDE: "long|lon|lng|x",
    Field.CAMERA: "camera name|camera label",
    Field.CAMERA_KIND: "camera type",
    Field.MAKE: "camera make|brand|manufacturer",
    Field.MODEL: "camera model",
    Field.COVERS: "coverage|view|what it covers|area covered|direction",
    Field.CAMERAS: "number of cameras|camera count|num cameras|cameras count",
    Field.CONSENT_DATE: "consent on|date of consent|consented on|opt in date|agreement date|signed on",
    Field.CONSENT_SOURCE: "source of consent|consent|consent form|opt in source|agreement",
    Field.KEY: "id|registration id|objectid|external id|record id|registry number|fid",
}


def guess_columns(header: Sequence[str]) -> dict[str, int]:
    """Return the number of a column for each field that a name in the header suggests, each column once at most."""
    names = [_plain(name) for name in header]
    found: dict[str, int] = {}
    for field in Field:
        for called in (_plain(field.value), *ALSO_CALLED[field].split("|")):
            if called in names and names.index(called) not in found.values():
                found[field.value] = names.index(called)
                break
    return found


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", name.lower()).split())


class Problem(TextChoices):
    """A fault of a row, worded for the person who corrects the file. No sentence repeats the row's content."""

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
