"""The rows of addresses of footage in the console, and of how long it is kept. See `urls`."""

from tests.access.who import ADMINISTRATOR, FIELD, SUPERVISOR, Row

FOOTAGE: dict[str, Row] = {
    "evidence": Row(FIELD),
    "evidence_stream": Row(FIELD),
    "evidence_download": Row(FIELD),
    "evidence_list": Row(FIELD),
    "evidence_place": Row(FIELD),
    "incident_replies": Row(FIELD),
    "evidence_hold": Row(SUPERVISOR),
    "evidence_category": Row(SUPERVISOR),
    "incident_hold": Row(SUPERVISOR),
    "hold_lift": Row(SUPERVISOR),
    "retention": Row(ADMINISTRATOR),
    "retention_new": Row(ADMINISTRATOR),
    "retention_category": Row(ADMINISTRATOR),
}
