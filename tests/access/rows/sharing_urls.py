"""Who may open a business's own pages about sharing."""

from tests.access.who import BUSINESS, Row

ROWS: dict[str, Row] = {
    "own_sharing": Row(BUSINESS),
    "sharing_pause": Row(BUSINESS),
    "sharing_resume": Row(BUSINESS),
    "sharing_history": Row(BUSINESS),
    "sharing_sign": Row(BUSINESS),
    "sharing_revoke": Row(BUSINESS),
    "sharing_paper": Row(BUSINESS),
    "sharing_end_paper": Row(BUSINESS),
    "sharing_rule": Row(BUSINESS),
    "share_now": Row(BUSINESS),
    "stop_sharing": Row(BUSINESS),
}
