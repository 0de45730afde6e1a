"""Places in a county, and owners registered there by the million."""

import random
from collections.abc import Iterable

from fusus_portal.geo import Point
from fusus_portal.geo.points import METERS_PER_DEGREE
from tests.database.clone import Clone

WEST, SOUTH, EAST, NORTH = -87.19, 33.31, -86.61, 33.79
"""A box in Jefferson County, Alabama, of about its size: 54 by 53 km."""

PLACES = """
CREATE TEMPORARY TABLE place (
    latitude float8, longitude float8,
    account uuid DEFAULT gen_random_uuid(), registrant uuid DEFAULT gen_random_uuid(),
    premises uuid DEFAULT gen_random_uuid(), camera uuid DEFAULT gen_random_uuid()
)"""
OWNERS = """
SET session_replication_role = replica;  -- what refers to what is right by construction
INSERT INTO accounts_user (id, email, password, role, name, pseudonym, call_back_number, language, is_active, is_staff,
                           is_superuser, joined_at, password_changed_at)
    SELECT account, account || '@people.example', '!', 'resident', 'Owner', '', '', 'en', true, false,
           false, now(), now() FROM place;
INSERT INTO registry_registrant (id, user_id, reference, kind, name, phone, language, registered_at)
    SELECT registrant, account, 'G-' || left(md5(registrant::text), 14), 'person', 'Owner', '205-555-0117', 'en', now()
    FROM place;
INSERT INTO registry_premises (id, registrant_id, kind, street, city, state, zip_code, county_fips, latitude, longitude,
                               precision, added_at, placed_at)
    SELECT premises, registrant, 'home', '600 20th Street North', 'Birmingham', 'AL', '35203', '01073', latitude,
           longitude, 'pinned', now(), now() FROM place;
INSERT INTO registry_camera (id, premises_id, name, kind, make, model, covers, added_at)
    SELECT camera, premises, 'Front door', 'doorbell', '', '', 'Street and sidewalk', now() FROM place;
DROP TABLE place;
SET session_replication_role = origin;
"""


def random_points(seed: int, count: int) -> list[Point]:
    """Return places anywhere in the box, the same for the same seed."""
    made = random.Random(seed)
    return [Point(made.uniform(SOUTH, NORTH), made.uniform(WEST, EAST)) for _ in range(count)]


def spread(center: Point, count: int, *, reach_m: float = 250.0) -> list[Point]:
    """Return so many places on a line to the north, the farthest `reach_m` meters away."""
    reach = reach_m / METERS_PER_DEGREE
    return [Point(center.latitude + reach * number / count, center.longitude) for number in range(count)]


def register_owners(portal: Clone, points: Iterable[Point]) -> None:
    """Put one owner with one camera at each point, past the services: a million of them would take hours."""
    with portal.connect() as superuser:
        superuser.execute(PLACES)
        with superuser.cursor().copy("COPY place (latitude, longitude) FROM STDIN") as copy:
            for point in points:
                copy.write_row((point.latitude, point.longitude))
        superuser.execute(OWNERS)
        superuser.execute("VACUUM ANALYZE accounts_user, registry_registrant, registry_premises, registry_camera")
