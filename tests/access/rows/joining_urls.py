"""The rows of addresses of finding by number, and of asking to join an incident. See `urls`."""

from tests.access.who import AGENCY, FIELD, Row

JOINING: dict[str, Row] = {
    "lookup": Row(AGENCY - {"reviewer"}),
    "join": Row(frozenset({"deputy"})),
    "join_admit": Row(FIELD),
    "join_decline": Row(FIELD),
}
