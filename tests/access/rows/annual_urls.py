"""The rows of addresses of the annual report. See `urls`."""

from tests.access.who import ADMINISTRATOR, AUDITOR, EVERYONE, Row

ANNUAL: dict[str, Row] = {
    "annual_report": Row(EVERYONE),
    "annual_version": Row(EVERYONE),
    "annual_paper": Row(EVERYONE),
    "annual_years": Row(ADMINISTRATOR | AUDITOR),
    "annual_draft": Row(ADMINISTRATOR | AUDITOR),
    "annual_part": Row(ADMINISTRATOR),
    "annual_release": Row(ADMINISTRATOR),
}
