import re

from fusus_portal.ground import env

JEFFERSON_COUNTY_ALABAMA = "01073"


def color(name: str, default: str) -> str:
    """Return the color in a variable, as #rrggbb. Raises Misconfigured for anything else."""
    value = env.text(name, default)
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise env.Misconfigured(name, f"is {value!r}", "Write a color such as #1b3a5d.")
    return value


def county_fips(name: str, default: str) -> str:
    """Return the county's code in a variable: five digits, two of the state. Raises Misconfigured for anything else."""
    value = env.text(name, default)
    if not re.fullmatch(r"\d{5}", value):
        raise env.Misconfigured(name, f"is {value!r}", "Write five digits, for example 01073.")
    return value


AGENCY_NAME = env.text("AGENCY_NAME", "Jefferson County Sheriff's Office")
AGENCY_SHORT_NAME = env.text("AGENCY_SHORT_NAME", "Sheriff's Office")
AGENCY_PHONE = env.text("AGENCY_PHONE", "205-555-0100")
AGENCY_NEWS_URL = env.text("AGENCY_NEWS_URL", "https://sheriff.example/news")
AGENCY_SOCIAL_URLS = env.pairs("AGENCY_SOCIAL_URLS")
AGENCY_SEAL = env.text("AGENCY_SEAL")
AGENCY_COLOR_PRIMARY = color("AGENCY_COLOR_PRIMARY", "#1b3a5d")
AGENCY_COLOR_ACCENT = color("AGENCY_COLOR_ACCENT", "#b8892b")
COUNTY_FIPS = county_fips("COUNTY_FIPS", JEFFERSON_COUNTY_ALABAMA)
AGENCY_BOUNDARY = env.text("AGENCY_BOUNDARY")
PLATFORM_CONTACT_EMAIL = env.text("PLATFORM_CONTACT_EMAIL")
"""Mail address of the platform's operator, who is told weekly how many people of each county asked for the portal."""
