"""Words for the names of made-up counties."""

from typing import Final

LIKE_KINDS: Final = """Grove Rd|Court Pl E|Park Ave|Park Pl|Circle Dr|Center St|Lake Rd|Lake Ave|Spring St|Valley Rd
Ridge Ave|Forest Dr|Mill St|Bridge St|Ferry Rd|Union Ave|Point Rd|Glen Rd|Meadow Ln|Hill St|Station Rd|Summit Ave
Harbor Ct|Island Dr|Garden St|Orchard Ln|Prairie Ave|Court St|Square Ln|Village Dr|Terrace Ave|Parkway Dr|Cove Ln
Mount Ave|Branch Rd|Knoll Way|Trail Ridge Rd|Manor Ct|Field St|Green St|Mall Dr|Plaza Dr|Loop Rd|Crossing Way"""
LIKE_DIRECTIONS: Final = """North Ave|South St|East Ave|West St|North St E|Northeast Dr|West End Ave|East Lake Dr
Southwest Blvd|North Ridge Dr|West Park Ave|South Court St|East West Connector"""
ODD: Final = """Broadway|The Esplanade|Martin Luther King Jr Blvd|Dr W R Carter Ave|St Clair Ave|St Marys Ct|Mt Zion Rd
Ft Hill Dr|O'Neal Rd|Smith-Jones Rd|Avenue A|Avenue D|Old Mill Rd|Lee Hwy|Governors Dr NW|Rue de la Paix|Via Verde"""
KINDS: Final = ["St", "Ave", "Rd", "Dr", "Ln", "Ct", "Cir", "Blvd", "Pl", "Way", "Ter", "Trl", "Pkwy", "Loop", "Cv"]
OFTEN: Final = [30, 20, 25, 30, 18, 14, 7, 4, 6, 5, 2, 4, 2, 2, 2]

ROUTES: Final = [
    ("State Rte 16",), ("State Rte 8", "Barton Rd"), ("State Rte 37", "Lancaster Rd"), ("State Rte 661",),
    ("US Hwy 40 W", "W National Rd"), ("US Hwy 40 E", "E National Rd"), ("US Hwy 62", "Mt Vernon Rd"), ("US Hwy 33",),
    ("Co Rd 12",), ("Co Rd 201", "Dutch Ln"), ("Co Rd 33", "Loudon St"), ("Co Rd 8",),
    ("Twp Rd 133", "Stone Quarry Rd"), ("Twp Rd 1002",), ("Twp Rd 16A",), ("County Road 450 N",),
    ("Old State Rte 79",), ("US Hwy 40 Bus",), ("State Rte 146 NE", "Chestnut Hills Rd NE"), ("Private Road 7",),
]  # fmt: skip
"""Rural roads with their further names."""
