"""Street and city names, normalized for comparison, with the abbreviations of the Postal Service.

Source: USPS Publication 28, Postal Addressing Standards: appendix C1 (street suffixes), C2 (units), B (directions).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from rapidfuzz.distance import OSA


def _split(text: str) -> list[str]:
    return text.split()


DIRECTIONS: Final = {
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
    "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW",
}  # fmt: skip

DIRECTION: Final = DIRECTIONS | {short: short for short in DIRECTIONS.values()} | {"NO": "N", "SO": "S"}
"""Abbreviation of a direction by each of its spellings."""

_SUFFIXES: Final = """
ALY ALLEY ALLEE ALLY | ANX ANNEX ANEX ANNX | ARC ARCADE | AVE AVENUE AV AVEN AVENU AVN AVNUE | BYU BAYOU BAYOO
BCH BEACH | BND BEND | BLF BLUFF BLUF | BLFS BLUFFS | BTM BOTTOM BOT BOTTM | BLVD BOULEVARD BOUL BOULV BLV
BR BRANCH BRNCH | BRG BRIDGE BRDGE | BRK BROOK | BRKS BROOKS | BG BURG | BYP BYPASS BYPA BYPAS BYPS | CP CAMP CMP
CYN CANYON CANYN CNYN | CPE CAPE | CSWY CAUSEWAY CAUSWA | CTR CENTER CEN CENT CENTR CENTRE CNTER CNTR
CIR CIRCLE CIRC CIRCL CRCL CRCLE | CIRS CIRCLES | CLF CLIFF | CLFS CLIFFS | CLB CLUB | CMN COMMON | CMNS COMMONS
COR CORNER | CORS CORNERS | CRSE COURSE | CT COURT CRT | CTS COURTS | CV COVE | CVS COVES | CRK CREEK
CRES CRESCENT CRSENT CRSNT | CRST CREST | XING CROSSING CRSSNG | XRD CROSSROAD | CURV CURVE | DL DALE | DM DAM
DV DIVIDE DIV DVD | DR DRIVE DRIV DRV | DRS DRIVES | EST ESTATE | ESTS ESTATES | EXPY EXPRESSWAY EXP EXPR EXPRESS EXPW
EXT EXTENSION EXTN EXTNSN | EXTS EXTENSIONS | FLS FALLS | FRY FERRY FRRY | FLD FIELD | FLDS FIELDS | FLT FLAT
FLTS FLATS | FRD FORD | FRST FOREST FORESTS | FRG FORGE FORG | FRK FORK | FRKS FORKS | FWY FREEWAY FRWAY FRWY
GDN GARDEN GARDN GRDEN GRDN | GDNS GARDENS GRDNS | GTWY GATEWAY GATEWY GATWAY GTWAY | GLN GLEN | GRN GREEN
GRV GROVE GROV | HBR HARBOR HARB HARBR HRBOR | HVN HAVEN | HTS HEIGHTS HT | HWY HIGHWAY HIGHWY HIWAY HIWY HWAY
HL HILL | HLS HILLS | HOLW HOLLOW HLLW HOLLOWS HOLWS | INLT INLET | IS ISLAND ISLND
JCT JUNCTION JCTION JCTN JUNCTN JUNCTON | KY KEY | KNL KNOLL KNOL | KNLS KNOLLS | LK LAKE | LKS LAKES
LNDG LANDING LNDNG | LN LANE | LGT LIGHT | LF LOAF | LCK LOCK | LDG LODGE LDGE LODG | LOOP LOOPS | MALL | MNR MANOR
MNRS MANORS | MDW MEADOW | MDWS MEADOWS MEDOWS | MEWS | ML MILL | MLS MILLS | MSN MISSION MISSN MSSN | MTWY MOTORWAY
MT MOUNT MNT | MTN MOUNTAIN MNTAIN MNTN MOUNTIN MTIN | NCK NECK | ORCH ORCHARD ORCHRD | OVAL OVL | OPAS OVERPASS
PARK PRK | PKWY PARKWAY PARKWY PKWAY PKY | PASS | PSGE PASSAGE | PATH PATHS | PIKE PIKES | PNE PINE | PNES PINES
PL PLACE | PLN PLAIN | PLNS PLAINS | PLZ PLAZA PLZA | PT POINT | PTS POINTS | PRT PORT | PR PRAIRIE PRR
RADL RADIAL RAD RADIEL | RAMP | RNCH RANCH RANCHES RNCHS | RPD RAPID | RPDS RAPIDS | RST REST | RDG RIDGE RDGE
RDGS RIDGES | RIV RIVER RVR RIVR | RD ROAD | RDS ROADS | RTE ROUTE | ROW | RUE | RUN | SHL SHOAL | SHR SHORE SHOAR
SHRS SHORES | SKWY SKYWAY | SPG SPRING SPNG SPRNG | SPGS SPRINGS SPNGS | SPUR SPURS | SQ SQUARE SQR SQRE SQU
STA STATION STATN STN | STRM STREAM STREME | ST STREET STRT STR | SMT SUMMIT SUMIT SUMITT | TER TERRACE TERR
TRWY THROUGHWAY | TRCE TRACE TRACES | TRAK TRACK TRACKS TRK TRKS | TRL TRAIL TRAILS TRLS | TUNL TUNNEL TUNEL
TPKE TURNPIKE TRNPK TURNPK | UPAS UNDERPASS | UN UNION | VLY VALLEY VALLY VLLY | VIA VIADUCT VDCT VIADCT | VW VIEW
VWS VIEWS | VLG VILLAGE VILL VILLAG VILLG | VL VILLE | VIS VISTA VIST VST VSTA | WALK WALKS | WALL | WAY WY | WAYS
WL WELL | WLS WELLS
"""

_GROUPS: Final = [group.split() for line in _SUFFIXES.strip().splitlines() for group in line.split("|")]

SUFFIX: Final = {written: group[0] for group in _GROUPS for written in group}
"""Abbreviation of a kind of street by each of its spellings."""

_NEVER_SHORT: Final = frozenset(
    _split("LOOP MALL MEWS OVAL PARK PASS PATH PIKE RAMP ROW RUE RUN SPUR VIA WALK WALL WAY")
)
SUFFIX_WORDS: Final = {group[0]: group[0] if group[0] in _NEVER_SHORT else (group * 2)[1] for group in _GROUPS}

KINDS_BEFORE: Final = {
    "AVE": "AVE", "AVENUE": "AVE", "AVENIDA": "AVE", "STREET": "ST", "CALLE": "CLL", "CLL": "CLL",
}  # fmt: skip
"""Abbreviation of a kind of street that comes before the name: "Avenue A", "Calle del Sol"."""

UNITS: Final = frozenset(
    _split("""APT APARTMENT BLDG BUILDING DEPT DEPARTMENT FL FLOOR HNGR HANGAR LOT RM ROOM SLIP SPC SPACE STE SUITE
    TRLR TRAILER UNIT NO NUM NUMBER""")
)
"""Words before the number of a part of a building."""

UNITS_ALONE: Final = frozenset(
    _split("BSMT BASEMENT FRNT FRONT LBBY LOBBY LOWR LOWER OFC OFFICE PH PENTHOUSE REAR UPPR UPPER")
)
"""Words for a part of a building that has no number."""

STATES: Final = frozenset(
    _split("""AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC
    ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY ALABAMA ALASKA ARIZONA ARKANSAS CALIFORNIA COLORADO
    CONNECTICUT DELAWARE FLORIDA GEORGIA HAWAII IDAHO ILLINOIS INDIANA IOWA KANSAS KENTUCKY LOUISIANA MAINE MARYLAND
    MASSACHUSETTS MICHIGAN MINNESOTA MISSISSIPPI MISSOURI MONTANA NEBRASKA NEVADA OHIO OKLAHOMA OREGON PENNSYLVANIA
    TENNESSEE TEXAS UTAH VERMONT VIRGINIA WASHINGTON WISCONSIN WYOMING""")
)
"""Codes of all states, and names of one word."""

_ONES: Final = _split("FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH")
_TEENS: Final = _split("""TENTH ELEVENTH TWELFTH THIRTEENTH FOURTEENTH FIFTEENTH SIXTEENTH SEVENTEENTH EIGHTEENTH
NINETEENTH""")
_TENS: Final = {
    20: ("TWENTY", "TWENTIETH"), 30: ("THIRTY", "THIRTIETH"), 40: ("FORTY", "FORTIETH"), 50: ("FIFTY", "FIFTIETH"),
    60: ("SIXTY", "SIXTIETH"), 70: ("SEVENTY", "SEVENTIETH"), 80: ("EIGHTY", "EIGHTIETH"), 90: ("NINETY", "NINETIETH"),
}  # fmt: skip

ORDINAL: Final = (
    {word: number for number, word in enumerate(_ONES, 1)}
    | {word: number for number, word in enumerate(_TEENS, 10)}
    | {word: ten for ten, (_, word) in _TENS.items()}
)
"""Number by its ordinal word: up to twentieth, and the tens."""

TENS: Final = {word: ten for ten, (word, _) in _TENS.items()}
"""Number of tens by its word, as "twenty" in "twenty-first"."""

BEFORE: Final = {"ST": "SAINT", "STE": "SAINTE", "MT": "MOUNT", "FT": "FORT", "DR": "DOCTOR", "PT": "POINT"}
"""Full word by an abbreviation that begins a name of several words, as in "St Clair Ave"."""

_ROAD_SPELLINGS: Final = """
US HWY: UNITED STATES HWY, UNITED STATES RTE, US HWY, US RTE, US
STATE HWY: STATE HWY, STATE RTE, STATE RD, SR, SH, SRTE, ST HWY, ST RTE, ST RD
CO RD: COUNTY HWY, COUNTY RD, COUNTY RTE, CO HWY, CO RD, CO RTE, CTY HWY, CTY RD, CNTY HWY, CNTY RD, CR, CH, COUNTY
TWP RD: TOWNSHIP RD, TOWNSHIP HWY, TWP RD, TWP HWY, TR
FM: FARM TO MARKET RD, FARM TO MARKET, FARM RD, FM
RM: RANCH TO MARKET RD, RANCH TO MARKET, RANCH RD, RM, RR
FOREST RD: NATIONAL FOREST DEVELOPMENT RD, NATIONAL FOREST RD, FOREST SERVICE RD, FOREST RD, NF RD, FS RD
PVT RD: PRIVATE RD, PVT RD
I: INTERSTATE HWY, INTERSTATE, I
HWY: HWY, RTE
RD: RD
"""

ROADS: Final = [
    (written, kept)
    for kept, many in (line.split(": ") for line in _ROAD_SPELLINGS.strip().splitlines())
    for written in many.split(", ")
]
"""Spellings of numbered roads, with kinds abbreviated, and the form kept.

Source: USPS Publication 28, appendix D (county, state and local highways); TIGER/Line, appendix D (feature names).
"""

ROADS_ALIKE: Final = {
    "HWY": ("US HWY", "STATE HWY", "CO RD", "FM", "RM"),
    "RD": ("CO RD", "TWP RD", "STATE HWY"),
}
"""Other roads that people mean by "Highway 31" and "Road 31"."""

ROAD_PARTS: Final = {
    "BUS": "BUS", "BUSINESS": "BUS", "BYP": "BYP", "BYPASS": "BYP", "ALT": "ALT", "ALTERNATE": "ALT", "SPUR": "SPUR",
    "TRUCK": "TRUCK", "SCENIC": "SCENIC", "LOOP": "LOOP",
}  # fmt: skip
"""Word after the number of a road, by each of its spellings."""

TITLES: Final = {"JUNIOR": "JR", "SENIOR": "SR", "MLK": "MARTIN LUTHER KING"}

PLACES: Final = {
    "PK": "PARK", "SCH": "SCHOOL", "ELEM": "ELEMENTARY", "HS": "HIGH SCHOOL", "MS": "MIDDLE SCHOOL", "JR": "JUNIOR",
    "CEM": "CEMETERY", "HOSP": "HOSPITAL", "LIB": "LIBRARY", "UNIV": "UNIVERSITY", "COLL": "COLLEGE", "CH": "CHURCH",
    "BAPT": "BAPTIST", "METH": "METHODIST", "MEM": "MEMORIAL", "NATL": "NATIONAL", "CNTY": "COUNTY", "CO": "COUNTY",
    "ARPT": "AIRPORT", "GOVT": "GOVERNMENT", "BLDG": "BUILDING", "DEPT": "DEPARTMENT", "REC": "RECREATION",
    "REGL": "REGIONAL", "CC": "COUNTRY CLUB", "RES": "RESERVOIR", "AREA": "AREA", "SHP": "SHOPPING", "MED": "MEDICAL",
}  # fmt: skip
"""Full word by its abbreviation in names of places (TIGER/Line, appendix D, and common ones)."""

OF_CITIES: Final = {"NO": "NORTH", "SO": "SOUTH", "TWP": "TOWNSHIP", "CTY": "CITY", "BORO": "BOROUGH"}
"""Full word by its abbreviation in names of cities, besides directions and kinds of streets."""

KINDS_OF_CITY: Final = frozenset({"CITY", "TOWN", "VILLAGE", "TOWNSHIP", "BOROUGH"})
"""Words that people omit from a city's name, at its end or with "of" before it."""

STATE_NAMES: Final = {
    "NEW HAMPSHIRE": "NH", "NEW JERSEY": "NJ", "NEW MEXICO": "NM", "NEW YORK": "NY", "NORTH CAROLINA": "NC",
    "NORTH DAKOTA": "ND", "RHODE ISLAND": "RI", "SOUTH CAROLINA": "SC", "SOUTH DAKOTA": "SD", "WEST VIRGINIA": "WV",
    "DISTRICT OF COLUMBIA": "DC",
}  # fmt: skip


_NOT_A_WORD: Final = re.compile(r"[^A-Z0-9&/@,#' -]+")
_INITIAL: Final = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)")
_ORDINAL: Final = re.compile(r"0*(\d+)(?:ST|ND|RD|TH)")
_ENDINGS: Final = frozenset(["ST", "ND", "RD", "TH"])
_WAY: Final = "(N|S|E|W|NE|NW|SE|SW)"
_PART: Final = rf"(?: ({'|'.join(sorted(ROAD_PARTS))}))?"
_LETTERED: Final = {"CO RD", "STATE HWY"}
"""Kinds of roads that some states name by letters: "County Road KK"."""
_STATE: Final = rf"(?:{'|'.join(sorted(STATES - {'CO'}))})[ -](?:STATE )?(?:HWY|RTE|RD)?"


def _road(written: str, kept: str, number: str) -> tuple[re.Pattern[str], str]:
    return re.compile(rf"(OLD )?(?:{_WAY} )?{written}{number}{_PART}(?: {_WAY})?"), kept


_ROADS: Final = [
    *(_road(written, kept, r"[ -]{0,2}(\d+[A-Z]?)") for written, kept in (*ROADS, (_STATE, "STATE HWY"))),
    *(_road(written, kept, r"[ -]([A-Z]{1,2})") for written, kept in ROADS if kept in _LETTERED),
]
_STAY: Final = frozenset(["N", "S", "E", "W", "NE", "NW", "SE", "SW", "US", "CO", "I", "II", "III", "IV"])
"""Short words of street names that stay in upper case."""


@dataclass(frozen=True)
class StreetName:
    """A parsed street name.

    base: its own name, in upper case. kind: "ST", "AVE" and so on, or "". direction: "N", "SW" and so on, before or
    after the name; "W N" for "West 4th Street North"; or "". first: a direction came before the name.
    """

    base: str
    kind: str = ""
    direction: str = ""
    first: bool = False

    @cached_property
    def key(self) -> str:
        return self.base.replace(" ", "").replace("'", "").replace("-", "")


def plain(text: str) -> str:
    """Return a text in upper case, without accents, dots and extra spaces: "U.S. Hwy" as "US HWY"."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(_NOT_A_WORD.sub(" ", _INITIAL.sub(r"\1", bare.upper())).split())


def compact(text: str) -> str:
    return plain(text).replace(" ", "").replace("'", "").replace("-", "")


def label(text: str) -> str:
    """Return a street's name for people to read: "20TH ST S" as "20th St S"."""
    words = text.split()
    if not text.isupper():
        return " ".join(words)
    return " ".join(map(_capitalized, words))


def _capitalized(word: str) -> str:
    if word in _STAY:
        return word
    return word.lower() if word[0].isdigit() else word.capitalize()


def street_name(text: str) -> StreetName:
    return from_words(tuple(plain(text).replace(",", " ").replace("#", " ").split()))


@lru_cache(maxsize=50_000)
def from_words(words: tuple[str, ...]) -> StreetName:
    rest = _numbers(_split_ordinals(words)) or [""]
    if len(rest) > 1 and rest[0] == "THE":
        rest = rest[1:]
    road = _numbered_road(rest)
    if road is not None:
        return road
    rest, before = _without_direction(rest, at=0)
    rest, after = _without_direction(rest, at=-1)
    if len(rest) > 1 and rest[0] == "THE":
        rest = rest[1:]
    rest, kind, behind_kind = _without_kind(rest, has_direction=bool(before or after))
    direction = " ".join(filter(None, (before, after or behind_kind)))
    if kind and len(rest) == 1:
        rest = [kind_in_full(rest[0])]
    return StreetName(_base(rest), kind, direction, bool(before))


def whole_base(words: tuple[str, ...]) -> StreetName | None:
    """Return the name, its kind read as part of it, as when "Oak Ridge" means "Oak Ridge Rd"; None without a kind."""
    name = from_words(words)
    last = words[:-1] if len(words) > 2 and words[-1] in DIRECTION else words
    rest, before = _without_direction(_numbers(_split_ordinals(last)), at=0)
    if not name.kind or len(rest) < 2 or rest[-1] not in SUFFIX:
        return None
    return StreetName(_base(rest), "", name.direction, bool(before))


def kind_in_full(word: str) -> str:
    return SUFFIX_WORDS[SUFFIX[word]] if word in SUFFIX else word


def _base(words: list[str]) -> str:
    """Return a name's words in one form: "St Clair" as "SAINT CLAIR", "Lake Hts" as "LAKE HEIGHTS"."""
    if len(words) > 1:
        words = [
            BEFORE[word] if word in BEFORE and at + 1 < len(words) and (at == 0 or word in {"ST", "MT", "FT"}) else word
            for at, word in enumerate(words)
        ]
        words = [TITLES.get(word) or kind_in_full(word) for word in words]
    return " ".join(words)


def _without_kind(words: list[str], *, has_direction: bool) -> tuple[list[str], str, str]:
    """Return the words without the kind of street, the kind, and a direction between the two, as in "Main N St"."""
    if len(words) < 2:
        return words, "", ""
    if words[-1] in SUFFIX:
        rest, direction = (words[:-1], "") if has_direction else _without_direction(words[:-1], at=-1)
        return rest, SUFFIX[words[-1]], direction
    if words[0] in KINDS_BEFORE:
        return words[1:], KINDS_BEFORE[words[0]], ""
    return words, "", ""


def _without_direction(words: list[str], *, at: int) -> tuple[list[str], str]:
    """Return the words without a direction at one end, and that direction. A name that is only a kind keeps it."""
    if len(words) < 2 or words[at] not in DIRECTION:
        return words, ""
    rest = words[1:] if at == 0 else words[:-1]
    own = rest[:-1] if at == 0 and rest[-1] in DIRECTION else rest  # "North St E" is North Street
    if len(own) == 1 and own[0] in SUFFIX:
        return words, ""
    return rest, DIRECTION[words[at]]


def _split_ordinals(words: Iterable[str]) -> list[str]:
    """Split "TWENTY-FIRST", and drop the separate endings of "21 ST ST" and "18 TH ST"."""
    told: list[str] = []
    for word in words:
        parts = word.split("-")
        told += parts if len(parts) == 2 and parts[0] in TENS and parts[1] in ORDINAL else [word]
    return [word for at, word in enumerate(told) if not (at and told[at - 1].isdigit() and _is_ending(told, at))]


def _is_ending(words: list[str], at: int) -> bool:
    return words[at] == "TH" or (words[at] in _ENDINGS and at + 1 < len(words) and words[at + 1] in SUFFIX)


def _numbers(words: list[str]) -> list[str]:
    """Replace ordinals by numbers: "20TH", "TWENTIETH" and "TWENTY FIRST" by 20, 20 and 21."""
    told: list[str] = []
    for word in words:
        match = _ORDINAL.fullmatch(word)
        if match:
            told.append(match[1])
        elif word in ORDINAL:
            ten = TENS.get(told[-1]) if told and ORDINAL[word] < 10 else None
            if ten:
                told[-1] = str(ten + ORDINAL[word])
            else:
                told.append(str(ORDINAL[word]))
        else:
            told.append(word)
    return told


def _numbered_road(words: list[str]) -> StreetName | None:
    if len(words) < 2 and not words[0][-1:].isdigit():
        return None
    text = " ".join("RTE" if word == "RT" else DIRECTION.get(word, SUFFIX.get(word, word)) for word in words)
    for pattern, kept in _ROADS:
        match = pattern.fullmatch(text)
        if match and match[3] not in DIRECTION and match[3] not in SUFFIX:
            old, before, number, part, after = match.groups()
            base = " ".join(filter(None, ((old or "").strip(), kept, number, ROAD_PARTS.get(part or ""))))
            return StreetName(base, "", " ".join(filter(None, (before, after))), bool(before))
    return None


_DIRECTION_WORDS: Final = {short: word for word, short in DIRECTIONS.items()}
_SHORT: Final = 5
"""Letters of a city's name that allow a typo; a shorter name may be one letter off another city."""


@lru_cache(maxsize=5_000)
def city_name(text: str) -> str:
    words = plain(text).replace(",", " ").replace("-", " ").replace("'", "").split()
    return " ".join(_whole(word, is_last=at == len(words) - 1) for at, word in enumerate(words))


def _whole(word: str, *, is_last: bool) -> str:
    if word in BEFORE and not is_last:
        return BEFORE[word]
    return kind_in_full(OF_CITIES.get(word) or _DIRECTION_WORDS.get(word, word))


def _forms(name: str) -> set[str]:
    """Return shorter forms of a city's normalized name: "BARTON" of "CITY OF BARTON" and of "BARTON CITY"."""
    words = name.split()
    if len(words) > 2 and words[0] in KINDS_OF_CITY and words[1] == "OF":
        words = words[2:]
    rest = words[:-1] if len(words) > 1 and words[-1] in KINDS_OF_CITY else words
    return {" ".join(words), " ".join(rest)}


class CityNames:
    """Names of a county's cities by ZIP code. of_data: in its data. postal: of the Postal Service; people type both."""

    def __init__(self, of_data: Mapping[str, Iterable[str]], postal: Mapping[str, Iterable[str]]) -> None:
        self.at = {code: {city_name(city) for city in cities} for code, cities in of_data.items()}
        self.named = set[str]().union(*self.at.values()) - {""}
        self.means: dict[str, set[str]] = defaultdict(set)
        self.postal = {code: {city_name(city) for city in cities} for code, cities in postal.items()}
        known = self.named.union(*self.postal.values())
        for name in sorted(known):
            self.means[name] = {name}
        for name in sorted(known):
            for form in _forms(name) - known:
                self.means[form].add(name)

    def known(self, words: Sequence[str]) -> frozenset[str]:
        """Return the normalized names of the cities that typed words may mean."""
        name = city_name(" ".join(words))
        return frozenset(next((self.means[form] for form in (name, *_forms(name)) if form in self.means), ()))

    def close(self, words: Sequence[str]) -> frozenset[str]:
        name = city_name(" ".join(words))
        near = [(OSA.distance(name, each, score_cutoff=2), each) for each in self.means if len(each) >= _SHORT]
        off, found = min(near, default=(9, ""))
        return frozenset(self.means[found]) if off <= (1 if len(name) < 2 * _SHORT else 2) else frozenset()
