"""The rows of addresses of live video: what a CORE puts, and what a viewer gets. See `urls`."""

from tests.access.who import EVERYONE, FIELD, SUPERVISOR, Row

WATCHING: dict[str, Row] = {
    "core_stream": Row(EVERYONE),
    "live_watch": Row(FIELD),
    "live_state": Row(FIELD),
    "live_leave": Row(FIELD),
    "live_playlist": Row(FIELD),
    "live_segment": Row(FIELD),
    "live_extend": Row(FIELD),
    "live_again": Row(FIELD),
    "live_end": Row(FIELD),
    "live_stop": Row(SUPERVISOR),
}
