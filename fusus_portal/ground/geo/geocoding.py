import logging
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

import zipcodes
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from geopy.adapters import URLLibAdapter
from geopy.exc import ConfigurationError, GeocoderNotFound, GeopyError
from geopy.geocoders import get_geocoder_for_service
from geopy.geocoders.base import Geocoder

from fusus_portal.ground.geo.counties import County, county_at
from fusus_portal.ground.geo.points import Point, Precision

DEFAULT_TIMEOUT_S = 3.0
USER_AGENT = "fusus-portal"
logger = logging.getLogger(__name__)
_UNKNOWN_ZIP_CODE = _("We don't know this ZIP code. Please check it.")


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    city: str
    state: str
    zip_code: str

    def __str__(self) -> str:
        return f"{self.street}, {self.city}, {self.state} {self.zip_code}"


@dataclass(frozen=True, slots=True)
class Geocoded:
    point: Point
    precision: Precision
    county: County | None


class AddressNotFound(Exception):
    """The address was not found. sentence: advice for the person. field: name of the wrong part."""

    def __init__(self, sentence: str | Promise, field: str = "zip_code") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field


class GeocoderUnavailable(Exception):
    """The agency's geocoder did not answer, and the ZIP code is unknown too."""

    sentence: str | Promise = _("We can't look up addresses right now. Please try again in a few minutes.")


def geocode(address: Address) -> Geocoded:
    """Return an address's point and county. Raises AddressNotFound; GeocoderUnavailable if geocoder and ZIP code fail.

    Precision is rooftop for the geocoder's point, and area for the middle of the ZIP code area, used without one.
    """
    try:
        point = _by_geocoder(address)
    except GeopyError as error:
        # Only the kind of failure: the message of some geocoders repeats the address.
        logger.warning("The geocoder failed (%s); using the ZIP code.", type(error).__name__)
        try:
            return geocode_area(address)
        except AddressNotFound as nowhere:
            raise GeocoderUnavailable from nowhere
    if point is None:
        return geocode_area(address)
    return Geocoded(point, Precision.ROOFTOP, county_at(point))


def check_zip_code(zip_code: str, *, state: str) -> None:
    """Raise AddressNotFound for a ZIP code out of use or in another state. state: its two letters."""
    if not _zip_code_area(zip_code, state)["active"]:
        raise AddressNotFound(_UNKNOWN_ZIP_CODE)


def geocode_area(address: Address) -> Geocoded:
    """Return the middle of the ZIP code area, offline. Raises AddressNotFound."""
    entry = _zip_code_area(address.zip_code, address.state)
    point = Point(float(entry["lat"]), float(entry["long"]))
    return Geocoded(point, Precision.AREA, county_at(point))


def _zip_code_area(zip_code: str, state: str) -> dict[str, str]:
    """Return a ZIP code's row in the list: lat, long, active. state: "" for any. Raises AddressNotFound."""
    five_digits = zip_code.strip()[:5]
    if not (len(five_digits) == 5 and five_digits.isascii() and five_digits.isdigit()):
        raise AddressNotFound(_("A ZIP code has five digits, for example 35203."))
    found = _in_list(five_digits)
    if not found:
        raise AddressNotFound(_UNKNOWN_ZIP_CODE)
    if state and found["state"] != state.strip().upper():
        raise AddressNotFound(_("This ZIP code is in another state. Please check both."))
    return found


def postal_cities(zip_code: str) -> list[str]:
    """Return the ZIP code's cities in the Postal Service's names, the usual one first; [] if unknown."""
    known = _in_list(zip_code)
    return [known["city"], *known["acceptable_cities"]] if known else []


@lru_cache(maxsize=1000)
def _in_list(zip_code: str) -> dict[str, str]:
    """Return a ZIP code's row, or {} if unknown. Reads the country's whole list, so results are cached."""
    found: list[dict[str, str]] = zipcodes.matching(zip_code)  # type: ignore[no-untyped-call]
    return found[0] if found else {}


def _by_geocoder(address: Address) -> Point | None:
    if not settings.GEOCODER:
        return None
    location = _geocoder(settings.GEOCODER).geocode(str(address), exactly_one=True)
    return Point(location.latitude, location.longitude) if location is not None else None


def geocoder_name() -> str:
    """Return the host of the agency's geocoder, or geopy's name of it, or "": addresses are sent there."""
    parts = urlsplit(settings.GEOCODER)
    return parts.hostname or parts.scheme


@lru_cache(maxsize=4)
def _geocoder(configured: str) -> Geocoder:
    """Return geopy's geocoder for settings such as `nominatim://host?user_agent=portal` (service, domain, options)."""
    parts = urlsplit(configured)
    options: dict[str, str | float] = dict(parse_qsl(parts.query))
    if parts.netloc:
        options["domain"] = parts.netloc
    try:
        options["timeout"] = float(options.get("timeout", DEFAULT_TIMEOUT_S))
        service = get_geocoder_for_service(parts.scheme)
        # Public services refuse an unnamed client, so geopy does as well.
        options.setdefault("user_agent", USER_AGENT)
        # geopy's other adapter asks three times, and logs the address when it does.
        made: Geocoder = service(**options, adapter_factory=URLLibAdapter)
    except (GeocoderNotFound, ConfigurationError, TypeError, ValueError) as error:
        # Not the setting itself: it may hold a key.
        raise ImproperlyConfigured(f"GEOCODER can't be set up for {parts.scheme!r}.") from error
    return made
