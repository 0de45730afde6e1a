"""The rows of addresses about critical incidents, and of what can be seen live. See `urls`."""

from tests.access.who import FIELD, SUPERVISOR, Row

CRITICAL: dict[str, Row] = {
    "live": Row(FIELD),
    "live_now": Row(FIELD),
    "incident_live": Row(FIELD),
    "live_start": Row(FIELD),
    "critical": Row(FIELD),
    "critical_declare": Row(SUPERVISOR),
    "declaration_second": Row(SUPERVISOR),
    "declaration_decline": Row(FIELD),
    "declaration_renew": Row(SUPERVISOR),
    "declaration_end": Row(FIELD),
    "glass_ask": Row(FIELD),
    "glass_confirm": Row(FIELD),
    "glass_justify": Row(FIELD),
}
