"""The words of American street names, and how the Postal Service shortens them.

Source: USPS Publication 28, Postal Addressing Standards: appendix C1 (street suffixes), C2 (units), B (directions).
"""

from typing import Final

DIRECTIONS: Final = {
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
    "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW",
}  # fmt: skip
"""Short form of each direction by its word."""

DIRECTION: Final = DIRECTIONS | {short: short for short in DIRECTIONS.values()} | {"NO": "N", "SO": "S"}
"""Short form of a direction by each way to write it."""

_SUFFIXES = """
ALY ALLEY ALLEE ALLY | ANX ANNEX ANEX ANNX | ARC ARCADE | AVE AVENUE AV AVEN AVENU AVN AVNUE | BYU BAYOU BAYOO
BCH BEACH | BND BEND | BLF BLUFF BLUF | BLFS BLUFFS | BTM BOTTOM BOT BOTTM | BLVD BOULEVARD BOUL BOULV BLV | BR BRANCH BRNCH
BRG BRIDGE BRDGE | BRK BROOK | BRKS BROOKS | BG BURG | BYP BYPASS BYPA BYPAS BYPS | CP CAMP CMP | CYN CANYON CANYN CNYN
CPE CAPE | CSWY CAUSEWAY CAUSWA | CTR CENTER CEN CENT CENTR CENTRE CNTER CNTR | CIR CIRCLE CIRC CIRCL CRCL CRCLE | CIRS CIRCLES
CLF CLIFF | CLFS CLIFFS | CLB CLUB | CMN COMMON | CMNS COMMONS | COR CORNER | CORS CORNERS | CRSE COURSE | CT COURT CRT
CTS COURTS | CV COVE | CVS COVES | CRK CREEK | CRES CRESCENT CRSENT CRSNT | CRST CREST | XING CROSSING CRSSNG | XRD CROSSROAD
CURV CURVE | DL DALE | DM DAM | DV DIVIDE DIV DVD | DR DRIVE DRIV DRV | DRS DRIVES | EST ESTATE | ESTS ESTATES
EXPY EXPRESSWAY EXP EXPR EXPRESS EXPW | EXT EXTENSION EXTN EXTNSN | EXTS EXTENSIONS | FLS FALLS | FRY FERRY FRRY | FLD FIELD
FLDS FIELDS | FLT FLAT | FLTS FLATS | FRD FORD | FRST FOREST FORESTS | FRG FORGE FORG | FRK FORK | FRKS FORKS | FWY FREEWAY FRWAY FRWY
GDN GARDEN GARDN GRDEN GRDN | GDNS GARDENS GRDNS | GTWY GATEWAY GATEWY GATWAY GTWAY | GLN GLEN | GRN GREEN | GRV GROVE GROV
HBR HARBOR HARB HARBR HRBOR | HVN HAVEN | HTS HEIGHTS HT | HWY HIGHWAY HIGHWY HIWAY HIWY HWAY | HL HILL | HLS HILLS
HOLW HOLLOW HLLW HOLLOWS HOLWS | INLT INLET | IS ISLAND ISLND | JCT JUNCTION JCTION JCTN JUNCTN JUNCTON | KY KEY | KNL KNOLL KNOL
KNLS KNOLLS | LK LAKE | LKS LAKES | LNDG LANDING LNDNG | LN LANE | LGT LIGHT | LF LOAF | LCK LOCK | LDG LODGE LDGE LODG
LOOP LOOPS | MALL | MNR MANOR | MNRS MANORS | MDW MEADOW | MDWS MEADOWS MEDOWS | MEWS | ML MILL | MLS MILLS | MSN MISSION MISSN MSSN
MTWY MOTORWAY | MT MOUNT MNT | MTN MOUNTAIN MNTAIN MNTN MOUNTIN MTIN | NCK NECK | ORCH ORCHARD ORCHRD | OVAL OVL | OPAS OVERPASS
PARK PRK | PKWY PARKWAY PARKWY PKWAY PKY | PASS | PSGE PASSAGE | PATH PATHS | PIKE PIKES | PNE PINE | PNES PINES | PL PLACE
PLN PLAIN | PLNS PLAINS | PLZ PLAZA PLZA | PT POINT | PTS POINTS | PRT PORT | PR PRAIRIE PRR | RADL RADIAL RAD RADIEL | RAMP
RNCH RANCH RANCHES RNCHS | RPD RAPID | RPDS RAPIDS | RST REST | RDG RIDGE RDGE | RDGS RIDGES | RIV RIVER RVR RIVR | RD ROAD | RDS ROADS
RTE ROUTE | ROW | RUE | RUN | SHL SHOAL | SHR SHORE SHOAR | SHRS SHORES | SKWY SKYWAY | SPG SPRING SPNG SPRNG | SPGS SPRINGS SPNGS
SPUR SPURS | SQ SQUARE SQR SQRE SQU | STA STATION STATN STN | STRM STREAM STREME | ST STREET STRT STR | SMT SUMMIT SUMIT SUMITT
TER TERRACE TERR | TRWY THROUGHWAY | TRCE TRACE TRACES | TRAK TRACK TRACKS TRK TRKS | TRL TRAIL TRAILS TRLS | TUNL TUNNEL TUNEL
TPKE TURNPIKE TRNPK TURNPK | UPAS UNDERPASS | UN UNION | VLY VALLEY VALLY VLLY | VIA VIADUCT VDCT VIADCT | VW VIEW | VWS VIEWS
VLG VILLAGE VILL VILLAG VILLG | VL VILLE | VIS VISTA VIST VST VSTA | WALK WALKS | WALL | WAY WY | WAYS | WL WELL | WLS WELLS
"""

SUFFIX: Final = {
    written: group.split()[0]
    for line in _SUFFIXES.strip().splitlines()
    for group in line.split("|")
    for written in group.split()
}
"""Short form of a street's kind by each way to write it."""

SUFFIX_WORDS: Final = {
    group.split()[0]: (group.split() * 2)[1] for line in _SUFFIXES.strip().splitlines() for group in line.split("|")
}
"""Word of a street's kind by its short form."""

UNITS: Final = frozenset(
    [
        "APT",
        "APARTMENT",
        "BLDG",
        "BUILDING",
        "DEPT",
        "DEPARTMENT",
        "FL",
        "FLOOR",
        "HNGR",
        "HANGAR",
        "LOT",
        "RM",
        "ROOM",
        "SLIP",
        "SPC",
        "SPACE",
        "STE",
        "SUITE",
        "TRLR",
        "TRAILER",
        "UNIT",
        "NO",
        "NUM",
        "NUMBER",
    ]
)
"""What a number of a part of a building follows."""

UNITS_ALONE: Final = frozenset(
    [
        "BSMT",
        "BASEMENT",
        "FRNT",
        "FRONT",
        "LBBY",
        "LOBBY",
        "LOWR",
        "LOWER",
        "OFC",
        "OFFICE",
        "PH",
        "PENTHOUSE",
        "REAR",
        "UPPR",
        "UPPER",
    ]
)
"""Parts of a building that need no number."""

_ONES = ["FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH"]
_TEENS = [
    "TENTH",
    "ELEVENTH",
    "TWELFTH",
    "THIRTEENTH",
    "FOURTEENTH",
    "FIFTEENTH",
    "SIXTEENTH",
    "SEVENTEENTH",
    "EIGHTEENTH",
    "NINETEENTH",
]
_TENS = {
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

BEFORE: Final = {"ST": "SAINT", "STE": "SAINTE", "MT": "MOUNT", "FT": "FORT", "DR": "DOCTOR", "PT": "POINT", "MC": "MC"}
"""What a word means when it begins a name of several words."""

ROADS: Final = (
    ("UNITED STATES HWY", "US HWY"), ("US ROUTE", "US HWY"), ("US RTE", "US HWY"),
    ("STATE HWY", "STATE HWY"), ("STATE RTE", "STATE HWY"), ("STATE RD", "STATE HWY"), ("SR", "STATE HWY"), ("SH", "STATE HWY"),
    ("COUNTY HWY", "CO RD"), ("COUNTY RD", "CO RD"), ("COUNTY RTE", "CO RD"), ("CO HWY", "CO RD"), ("CO RTE", "CO RD"), ("CR", "CO RD"),
    ("INTERSTATE HWY", "I"), ("INTERSTATE", "I"),
)  # fmt: skip
"""How numbered roads are written, with kinds shortened, and the one form that is kept."""
