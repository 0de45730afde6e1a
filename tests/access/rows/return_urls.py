"""The rows of addresses about returns. See `urls`."""

from tests.access.who import ADMINISTRATOR, BUSINESS, CLERK, EVERYONE, GIVERS, Row

RETURNS: dict[str, Row] = {
    "return_terms": Row(EVERYONE),
    "returns": Row(BUSINESS),
    "return": Row(BUSINESS),
    "return_request": Row(BUSINESS),
    "return_sent": Row(BUSINESS),
    "return_keep": Row(BUSINESS),
    "return_picture": Row(BUSINESS),
    "device_cancel": Row(BUSINESS),
    "device_uncancel": Row(BUSINESS),
    "deductions": Row(ADMINISTRATOR),
    "returns_board": Row(CLERK),
    "return_open": Row(CLERK),
    "return_case": Row(CLERK),
    "return_inspect": Row(CLERK),
    "return_missing": Row(CLERK),
    "return_pay": Row(GIVERS),
    "return_do": Row(CLERK),
    "return_press": Row(CLERK),
    "return_case_picture": Row(CLERK),
}
