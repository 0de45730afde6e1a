"""The rows of addresses about warranty claims. See `urls`."""

from tests.access.who import BUSINESS, CLERK, Row

CLAIMS: dict[str, Row] = {
    "device_problem": Row(BUSINESS),
    "warranty_claim": Row(BUSINESS),
    "warranty_claim_picture": Row(BUSINESS),
    "claims_board": Row(CLERK),
    "claim_case": Row(CLERK),
    "claim_approve": Row(CLERK),
    "claim_replace": Row(CLERK),
    "claim_do": Row(CLERK),
    "claim_charge": Row(CLERK),
    "claim_case_picture": Row(CLERK),
}
