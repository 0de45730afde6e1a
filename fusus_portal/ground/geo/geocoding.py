"""From an address to a point: by the agency's geocoder when there is one, else by ZIP code."""

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

from .counties import County, county_at
from .points import Point, Precision

DEFAULT_TIMEOUT_S = 3.0
USER_AGENT = "fusus-portal"
logger = logging.getLogger(__name__)
_UNKNOWN_ZIP_CODE = _("We don't know this ZIP code. Please check it.")


@dataclass(frozen=True, slots=True)
class Address:
    """A street address in the United States; state is the two-letter code."""

    street: str
    city: str
    state: str
    zip_code: str

    def __str__(self) -> str:
        return f"{self.street}, {self.city}, {self.state} {self.zip_code}"


@dataclass(frozen=True, slots=True)
class Geocoded:
    """Where an address is, how exactly that is known, and its county if it is in one."""

    point: Point
    precision: Precision
    county: County | None


class AddressNotFound(Exception):
    """The address is nowhere; sentence says what the person can do, field which part is wrong."""

    def __init__(self, sentence: str | Promise, field: str = "zip_code") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field


class GeocoderUnavailable(Exception):
    """The agency's geocoder gave no answer, and the ZIP code alone leads nowhere either."""

    sentence: str | Promise = _("We can't look up addresses right now. Please try again in a few minutes.")


def geocode(address: Address) -> Geocoded:
    """Find an address.

    The configured geocoder answers with precision rooftop. Without one, or when it fails or knows
    no such address, the middle of the ZIP code area answers with precision area, and the person
    moves the pin. Raises AddressNotFound, or GeocoderUnavailable when the geocoder failed and the
    ZIP code is unknown.
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
    """Raise AddressNotFound for a ZIP code that is not in use, or is in another state. state: its two letters."""
    if not _zip_code_area(zip_code, state)["active"]:
        raise AddressNotFound(_UNKNOWN_ZIP_CODE)


def geocode_area(address: Address) -> Geocoded:
    """Return the middle of the address's ZIP code area; asks nobody outside. Raises AddressNotFound."""
    entry = _zip_code_area(address.zip_code, address.state)
    point = Point(float(entry["lat"]), float(entry["long"]))
    return Geocoded(point, Precision.AREA, county_at(point))


def _zip_code_area(zip_code: str, state: str) -> dict[str, str]:
    """Return what is known of a ZIP code: lat, long, active. state: "" for any. Raises AddressNotFound."""
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
    """Return the cities of a ZIP code as the Postal Service calls them, the usual one first; none for unknown ones."""
    known = _in_list(zip_code)
    return [known["city"], *known["acceptable_cities"]] if known else []


@lru_cache(maxsize=1000)
def _in_list(zip_code: str) -> dict[str, str]:
    """Return the line of a ZIP code in the country's list, empty without one. The whole list is read for it."""
    found: list[dict[str, str]] = zipcodes.matching(zip_code)  # type: ignore[no-untyped-call]
    return found[0] if found else {}


def _by_geocoder(address: Address) -> Point | None:
    if not settings.GEOCODER:
        return None
    location = _geocoder(settings.GEOCODER).geocode(str(address), exactly_one=True)
    return Point(location.latitude, location.longitude) if location is not None else None


def geocoder_name() -> str:
    """Return whom addresses are sent to: the host of the configured geocoder, or geopy's name of it; "" for nobody."""
    parts = urlsplit(settings.GEOCODER)
    return parts.hostname or parts.scheme


@lru_cache(maxsize=4)
def _geocoder(configured: str) -> Geocoder:
    """The geocoder of an address such as `nominatim://host?user_agent=portal&timeout=3`.

    The scheme is the service's name in geopy, the host its domain, the query its options.
    """
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
