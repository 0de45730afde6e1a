"""The words of American street names, and how the Postal Service shortens them.

Source: USPS Publication 28, Postal Addressing Standards: appendix C1 (street suffixes), C2 (units), B (directions).
"""

from typing import Final


def _words(text: str) -> list[str]:
    return text.split()


DIRECTIONS: Final = {
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
    "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW",
}  # fmt: skip
"""Short form of each direction by its word."""

DIRECTION: Final = DIRECTIONS | {short: short for short in DIRECTIONS.values()} | {"NO": "N", "SO": "S"}
"""Short form of a direction by each way to write it."""

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
"""Short form of a street's kind by each way to write it."""

_NEVER_SHORT: Final = frozenset(
    _words("LOOP MALL MEWS OVAL PARK PASS PATH PIKE RAMP ROW RUE RUN SPUR VIA WALK WALL WAY")
)
SUFFIX_WORDS: Final = {group[0]: group[0] if group[0] in _NEVER_SHORT else (group * 2)[1] for group in _GROUPS}
"""Word of a street's kind by its short form."""

KINDS_BEFORE: Final = {
    "AVE": "AVE", "AVENUE": "AVE", "AVENIDA": "AVE", "STREET": "ST", "CALLE": "CLL", "CLL": "CLL",
}  # fmt: skip
"""Short form of a kind that begins a name: "Avenue A", "Calle del Sol"."""

UNITS: Final = frozenset(
    _words("""APT APARTMENT BLDG BUILDING DEPT DEPARTMENT FL FLOOR HNGR HANGAR LOT RM ROOM SLIP SPC SPACE STE SUITE
    TRLR TRAILER UNIT NO NUM NUMBER""")
)
"""What a number of a part of a building follows."""

UNITS_ALONE: Final = frozenset(
    _words("BSMT BASEMENT FRNT FRONT LBBY LOBBY LOWR LOWER OFC OFFICE PH PENTHOUSE REAR UPPR UPPER")
)
"""Parts of a building that need no number."""

STATES: Final = frozenset(
    _words("""AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC
    ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY ALABAMA ALASKA ARIZONA ARKANSAS CALIFORNIA COLORADO
    CONNECTICUT DELAWARE FLORIDA GEORGIA HAWAII IDAHO ILLINOIS INDIANA IOWA KANSAS KENTUCKY LOUISIANA MAINE MARYLAND
    MASSACHUSETTS MICHIGAN MINNESOTA MISSISSIPPI MISSOURI MONTANA NEBRASKA NEVADA OHIO OKLAHOMA OREGON PENNSYLVANIA
    TENNESSEE TEXAS UTAH VERMONT VIRGINIA WASHINGTON WISCONSIN WYOMING""")
)
"""How the states are written, those of one word: two letters of each, then the names."""

_ONES: Final = _words("FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH")
_TEENS: Final = _words("""TENTH ELEVENTH TWELFTH THIRTEENTH FOURTEENTH FIFTEENTH SIXTEENTH SEVENTEENTH EIGHTEENTH
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
"""Number by its ordinal word, up to twentieth and the tens."""

TENS: Final = {word: ten for ten, (word, _) in _TENS.items()}
"""Number by its word, as "twenty" before "first"."""

BEFORE: Final = {"ST": "SAINT", "STE": "SAINTE", "MT": "MOUNT", "FT": "FORT", "DR": "DOCTOR", "PT": "POINT"}
"""What a word means when it begins a name of several words."""

_ROADS: Final = """
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
    for kept, many in (line.split(": ") for line in _ROADS.strip().splitlines())
    for written in many.split(", ")
]
"""How numbered roads are written, with kinds shortened, and the one form that is kept.

Source: USPS Publication 28, appendix D (county, state and local highways); TIGER/Line, appendix D (feature names).
"""

ROADS_ALIKE: Final = {
    "HWY": ("US HWY", "STATE HWY", "CO RD", "FM", "RM"),
    "RD": ("CO RD", "TWP RD", "STATE HWY"),
}
"""What "Highway 31" and "Road 31" may mean besides themselves."""

ROAD_PARTS: Final = {
    "BUS": "BUS", "BUSINESS": "BUS", "BYP": "BYP", "BYPASS": "BYP", "ALT": "ALT", "ALTERNATE": "ALT", "SPUR": "SPUR",
    "TRUCK": "TRUCK", "SCENIC": "SCENIC", "LOOP": "LOOP",
}  # fmt: skip
"""What may follow the number of a road, by each way to write it."""

TITLES: Final = {"JUNIOR": "JR", "SENIOR": "SR", "MLK": "MARTIN LUTHER KING"}
"""Words of names by a longer or shorter way to write them."""

PLACES: Final = {
    "PK": "PARK", "SCH": "SCHOOL", "ELEM": "ELEMENTARY", "HS": "HIGH SCHOOL", "MS": "MIDDLE SCHOOL", "JR": "JUNIOR",
    "CEM": "CEMETERY", "HOSP": "HOSPITAL", "LIB": "LIBRARY", "UNIV": "UNIVERSITY", "COLL": "COLLEGE", "CH": "CHURCH",
    "BAPT": "BAPTIST", "METH": "METHODIST", "MEM": "MEMORIAL", "NATL": "NATIONAL", "CNTY": "COUNTY", "CO": "COUNTY",
    "ARPT": "AIRPORT", "GOVT": "GOVERNMENT", "BLDG": "BUILDING", "DEPT": "DEPARTMENT", "REC": "RECREATION",
    "REGL": "REGIONAL", "CC": "COUNTRY CLUB", "RES": "RESERVOIR", "AREA": "AREA", "SHP": "SHOPPING", "MED": "MEDICAL",
}  # fmt: skip
"""Words of places, as the Census Bureau and people shorten them (TIGER/Line, appendix D)."""

OF_CITIES: Final = {"NO": "NORTH", "SO": "SOUTH", "TWP": "TOWNSHIP", "CTY": "CITY", "BORO": "BOROUGH"}
"""Words of names of cities, besides directions and kinds of streets, as people shorten them."""

KINDS_OF_CITY: Final = frozenset({"CITY", "TOWN", "VILLAGE", "TOWNSHIP", "BOROUGH"})
"""What people leave out of the name of a city, at its end or with "of" before it."""

STATE_NAMES: Final = {
    "NEW HAMPSHIRE": "NH", "NEW JERSEY": "NJ", "NEW MEXICO": "NM", "NEW YORK": "NY", "NORTH CAROLINA": "NC",
    "NORTH DAKOTA": "ND", "RHODE ISLAND": "RI", "SOUTH CAROLINA": "SC", "SOUTH DAKOTA": "SD", "WEST VIRGINIA": "WV",
    "DISTRICT OF COLUMBIA": "DC",
}  # fmt: skip
"""Two letters of the states of more than one word."""
