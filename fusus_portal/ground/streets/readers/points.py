"""Address points: which columns hold what, and one row read by them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .rows import BadRow, HouseRow, Unreadable, check_place, number_of

PARTS: Final = ("number", "street", "city", "zip_code", "longitude", "latitude", "letter")

# OpenAddresses, then NENA NG911 (site/structure address points), then what counties often write.
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
    """Which columns of a file hold which part of an address.

    given: {part: column} for a file whose columns are called otherwise. Raises Unreadable without what is needed.
    """

    def __init__(
        self, names: Sequence[str], *, given: Mapping[str, str] | None = None, has_shape: bool = False
    ) -> None:
        place = {name.strip().lower(): at for at, name in enumerate(names)}
        self.at: dict[str, int] = {}
        for part in PARTS:
            wanted = [given[part].lower()] if given and part in given else _COLUMNS[part]
            found = next((place[name] for name in wanted if name in place), None)
            if found is not None:
                self.at[part] = found
        self.street = [place[name] for name in _NENA_STREET if name in place] if "st_name" in place else []
        needed = (
            {"number"} | (set() if self.street else {"street"}) | (set() if has_shape else {"longitude", "latitude"})
        )
        missing = sorted(needed - set(self.at))
        if missing:
            raise Unreadable(
                f"No column for {', '.join(missing)} is in this file. It has: {', '.join(names)}. Name the columns "
                "with --columns, for example number=HOUSE_NO."
            )

    def reader(self) -> Callable[[Sequence[str], tuple[float, float] | None], HouseRow]:
        """Return the function that reads a row: its values, and its place if the file keeps that apart."""
        at = self.at
        number, letter = at["number"], at.get("letter")
        street, many = at.get("street"), self.street
        city, zip_code = at.get("city"), at.get("zip_code")
        longitude, latitude = at.get("longitude"), at.get("latitude")

        def read(values: Sequence[str], place: tuple[float, float] | None) -> HouseRow:
            if place is None:
                assert longitude is not None and latitude is not None
                try:
                    place = float(values[longitude]), float(values[latitude])
                except ValueError as error:
                    raise BadRow("The coordinates are not numbers.") from error
            x, y = check_place(*place)
            house, suffix = number_of(values[number])
            name = " ".join(filter(None, (values[each] for each in many))) if many else values[street]  # type: ignore[index]
            if not name.strip():
                raise BadRow("The street has no name.")
            return HouseRow(
                house,
                (values[letter] if letter is not None and values[letter] else suffix)[:4],
                name,
                values[city] if city is not None else "",
                values[zip_code][:5] if zip_code is not None else "",
                x,
                y,
            )

        return read
