from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Final

from django.utils.translation import gettext as _

from fusus_portal.ground.streets.house_numbers import HouseNumber

from .rows import BadRow, Coordinate, HouseRow, Unreadable, check_place, check_text, number_of, shown

PARTS: Final = ("number", "street", "city", "zip_code", "longitude", "latitude", "letter")

Values = Sequence[str]

_LONGEST_NUMBER: Final = 12
"""Letters of a cached house number."""

# OpenAddresses, then NENA NG911 (site/structure address points), then common names of counties.
_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "number": ("number", "add_number", "house_number", "housenumber", "house_no", "addr_num", "st_num", "hse_num"),
    "letter": ("addnum_suf", "number_suffix", "num_suf"),
    "street": ("street", "street_name", "full_street", "fullname", "full_name", "st_full", "street_full", "lst_name"),
    "city": ("city", "post_comm", "post_city", "inc_muni", "municipality", "community"),
    "zip_code": ("postcode", "zip_code", "post_code", "zipcode", "zip"),
    "longitude": ("lon", "longitude", "long", "x"),
    "latitude": ("lat", "latitude", "y"),
}
_NENA_STREET: Final = ("st_premod", "st_predir", "st_pretyp", "st_name", "st_postyp", "st_posdir", "st_posmod")


class Columns:
    """Columns of the parts of an address. given: {part: column} for other names. Raises Unreadable."""

    def __init__(
        self, names: Sequence[str], *, given: Mapping[str, str] | None = None, has_shape: bool = False
    ) -> None:
        self.place = {name.strip().lower(): at for at, name in enumerate(names)}
        self.given = given or {}
        self.missing: list[str] = []
        street = [self.place[name] for name in _NENA_STREET if name in self.place] if "st_name" in self.place else []
        self.street = street or [self._needed("street")]
        self.number = self._needed("number")
        self.letter, self.city, self.zip_code = self._at("letter"), self._at("city"), self._at("zip_code")
        if not has_shape:
            self.longitude, self.latitude = self._needed("longitude"), self._needed("latitude")
        if self.missing:
            raise Unreadable(
                _(
                    "No column for %(missing)s is in this file. It has: %(names)s. At the server, --columns names "
                    "them, for example number=HOUSE_NO."
                )
                % {"missing": ", ".join(sorted(self.missing)), "names": shown(", ".join(names), 300)}
            )

    def whole_rows(self) -> Callable[[Values], HouseRow]:
        read = self.placed_rows()
        longitude, latitude = self.longitude, self.latitude

        def whole(values: Values) -> HouseRow:
            try:
                place = float(values[longitude]), float(values[latitude])
            except ValueError as error:
                raise BadRow(_("The coordinates are not numbers.")) from error
            return read(values, place)

        return whole

    def placed_rows(self) -> Callable[[Values, Coordinate], HouseRow]:
        at_number, numbers, joined, checked = self.number, _Numbers(), self._joined(), _Checked()
        letter, city, zip_code = _value(self.letter), _value(self.city), _value(self.zip_code)

        def read(values: Values, place: Coordinate) -> HouseRow:
            x, y = check_place(*place)
            number, suffix = numbers[values[at_number]]
            street = checked[joined(values)]
            if not street or street.isspace():
                raise BadRow(_("The street has no name."))
            place_name = checked[city(values)]
            return HouseRow(number, (letter(values) or suffix)[:4], street, place_name, zip_code(values)[:5], x, y)

        return read

    def _joined(self) -> Callable[[Values], str]:
        if len(self.street) == 1:
            return _value(self.street[0])
        many = self.street
        return lambda values: " ".join(filter(None, (values[each] for each in many)))

    def _needed(self, part: str) -> int:
        at = self._at(part)
        if at is None:
            self.missing.append(part)
        return at or 0

    def _at(self, part: str) -> int | None:
        wanted = [self.given[part].lower()] if part in self.given else _COLUMNS[part]
        return next((self.place[name] for name in wanted if name in self.place), None)


class _Numbers(dict[str, HouseNumber]):
    """House numbers by text, cached: a county repeats them."""

    def __missing__(self, text: str) -> HouseNumber:
        number = number_of(text)
        if len(text) <= _LONGEST_NUMBER:
            self[text] = number
        return number


class _Checked(dict[str, str]):
    def __missing__(self, text: str) -> str:
        check_text(text)
        self[text] = text
        return text


def _value(at: int | None) -> Callable[[Values], str]:
    return _nothing if at is None else itemgetter(at)


def _nothing(values: Values) -> str:
    return ""
