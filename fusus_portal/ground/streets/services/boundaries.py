from pathlib import Path

from django.db import transaction

from audit.log.actors import AT_THE_SERVER, Actor, Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.geo import counties
from fusus_portal.ground.geo.jurisdiction import own_county
from fusus_portal.ground.streets.readers import Unreadable, read_boundaries
from fusus_portal.ground.streets.readers.boundaries import year_of


def load(*, path: Path, by: Actor = AT_THE_SERVER) -> int:
    """Replace the boundaries of the county and its neighbors; return their number. Raises Unreadable."""
    own, year = own_county(), year_of(path)
    if year is None:
        raise Unreadable(f"{path.name} is not named as the Census Bureau does: cb_2025_us_county_500k.zip.")
    outlines = read_boundaries(path, own.fips)
    facts = {"year": year, "counties": len(outlines)}
    with transaction.atomic():
        record(event=Event.BOUNDARIES_LOADED, actor=by, subject=Subject("county", own.fips), facts=facts)
        counties.put(outlines, year=year, source=path.name)
    return len(outlines)
