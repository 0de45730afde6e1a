"""Who may open which address: said here once more, by people, not derived from the permission table.

A new address needs a row: `"name": Row(WHO)`. The values in its path are made up where a row gives none,
so that somebody who may open it usually gets a 404; `path` takes fixtures where that matters.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Fixture = Callable[[str], Any]

ROLES = ["resident", "business", "deputy", "supervisor", "auditor", "clerk", "administrator"]
EVERYONE = frozenset({*ROLES, "visitor"})
SIGNED_IN = frozenset(ROLES)
AGENCY = frozenset({"deputy", "supervisor", "auditor", "clerk", "administrator"})
OWNERS = frozenset({"resident", "business"})
BUSINESS = frozenset({"business"})
FIELD = frozenset({"deputy", "supervisor"})
SUPERVISOR = frozenset({"supervisor"})
AUDITOR = frozenset({"auditor"})
CLERK = frozenset({"clerk"})
ADMINISTRATOR = frozenset({"administrator"})


@dataclass(frozen=True)
class Row:
    """Who may open an address. begins: a step of signing in, which sends people back to its first page."""

    who: frozenset[str]
    path: dict[str, Callable[[Fixture], Any]] = field(default_factory=dict)
    begins: bool = False


ROWS: dict[str, Row] = {
    # public pages
    "home": Row(EVERYONE),
    "how_it_works": Row(EVERYONE),
    "faq": Row(EVERYONE),
    "transparency": Row(EVERYONE),
    "theme_css": Row(EVERYONE),
    "seal": Row(EVERYONE),
    "set_language": Row(EVERYONE),
    "health_live": Row(EVERYONE),
    "health_ready": Row(EVERYONE),
    "ledger_checkpoint": Row(EVERYONE),
    "ledger_tile": Row(EVERYONE),
    "ledger_key": Row(EVERYONE),
    "shop": Row(EVERYONE),
    "device_api": Row(EVERYONE),
    "device_api_call": Row(EVERYONE),
    "payments_webhook": Row(EVERYONE),
    # registering and one's own cameras
    "register": Row(EVERYONE),
    "register_restart": Row(OWNERS),
    "register_you": Row(OWNERS),
    "register_place": Row(OWNERS),
    "register_pin": Row(OWNERS),
    "register_cameras": Row(OWNERS),
    "register_meaning": Row(OWNERS),
    "register_check": Row(OWNERS),
    "profile": Row(OWNERS),
    "looks": Row(OWNERS),
    "looks_copy": Row(OWNERS),
    "notices": Row(OWNERS),
    "notices_stop": Row(EVERYONE),
    "contact": Row(OWNERS),
    "premises_pin": Row(OWNERS),
    "premises_move": Row(OWNERS),
    "premises_move_pin": Row(OWNERS),
    "premises_move_check": Row(OWNERS),
    "premises_move_away": Row(OWNERS),
    "moved": Row(OWNERS),
    "lead_withdraw": Row(OWNERS),
    "camera_new": Row(OWNERS),
    "camera": Row(OWNERS),
    "camera_remove": Row(OWNERS),
    "answer": Row(OWNERS),
    "own_requests": Row(OWNERS),
    "own_request": Row(OWNERS),
    "own_receipt": Row(OWNERS),
    "export_data": Row(OWNERS),
    "leave": Row(OWNERS),
    "left": Row(EVERYONE),
    "orders": Row(BUSINESS),
    # links in messages and uploads: whoever holds the link
    "reply": Row(EVERYONE),
    "reply_footage": Row(EVERYONE),
    "reply_files": Row(EVERYONE),
    "reply_receipt": Row(EVERYONE),
    "reply_none": Row(EVERYONE),
    "reply_decline": Row(EVERYONE),
    "upload_create": Row(EVERYONE),
    "upload": Row(EVERYONE),
    "upload_status": Row(EVERYONE),
    "invitation": Row(EVERYONE),
    # console
    "console": Row(AGENCY),
    "stay_signed_in": Row(AGENCY),
    "system_use_notice": Row(EVERYONE, begins=True),
    "incidents": Row(FIELD),
    "incident_new": Row(FIELD),
    "incident_change": Row(FIELD),
    "incident_story": Row(FIELD),
    "incident_types": Row(ADMINISTRATOR),
    "incident_type": Row(ADMINISTRATOR),
    "incident_type_new": Row(ADMINISTRATOR),
    "incident_type_retire": Row(ADMINISTRATOR),
    "incident_type_restore": Row(ADMINISTRATOR),
    "number_format": Row(ADMINISTRATOR),
    "number_examples": Row(ADMINISTRATOR),
    "incident": Row(FIELD),
    "incident_verify": Row(SUPERVISOR),
    "incident_close": Row(FIELD),
    "incident_assign": Row(FIELD),
    "incident_unassign": Row(SUPERVISOR),
    "canvass_new": Row(FIELD),
    "canvass": Row(FIELD),
    "canvass_sheet": Row(FIELD),
    "canvass_change": Row(FIELD),
    "canvass_leave_out": Row(FIELD),
    "canvass_put_back": Row(FIELD),
    "canvass_ask_approval": Row(FIELD),
    "canvass_approval": Row(SUPERVISOR),
    "canvass_send": Row(FIELD),
    "canvass_withdraw": Row(FIELD),
    "canvass_close": Row(FIELD),
    "canvass_replies": Row(FIELD),
    "look_delays": Row(SUPERVISOR),
    "look_delay_new": Row(SUPERVISOR),
    "look_delay_renew": Row(SUPERVISOR),
    "look_delay_end": Row(SUPERVISOR),
    "evidence": Row(FIELD),
    "evidence_stream": Row(FIELD),
    "evidence_download": Row(FIELD),
    "evidence_list": Row(FIELD),
    "evidence_hold": Row(SUPERVISOR),
    "evidence_category": Row(SUPERVISOR),
    "incident_hold": Row(SUPERVISOR),
    "hold_lift": Row(SUPERVISOR),
    "retention": Row(ADMINISTRATOR),
    "retention_new": Row(ADMINISTRATOR),
    "retention_category": Row(ADMINISTRATOR),
    "audit": Row(AUDITOR),
    "fulfilment": Row(CLERK),
    "admin": Row(ADMINISTRATOR),
    "purposes": Row(ADMINISTRATOR),
    "purpose": Row(ADMINISTRATOR),
    "purpose_retire": Row(ADMINISTRATOR),
    "purpose_restore": Row(ADMINISTRATOR),
    "county_agencies": Row(ADMINISTRATOR),
    "county_agency_new": Row(ADMINISTRATOR),
    "county_agency": Row(ADMINISTRATOR),
    "county_agency_remove": Row(ADMINISTRATOR),
    "county_agencies_import": Row(ADMINISTRATOR),
    "county_agencies_export": Row(ADMINISTRATOR),
    "leads": Row(ADMINISTRATOR),
    "leads_of_county": Row(ADMINISTRATOR),
    "lead": Row(ADMINISTRATOR),
    "lead_step": Row(ADMINISTRATOR),
    "lead_note": Row(ADMINISTRATOR),
    "lead_person": Row(ADMINISTRATOR),
    "people": Row(ADMINISTRATOR),
    "person": Row(ADMINISTRATOR),
    "person_invite": Row(ADMINISTRATOR),
    "change_approve": Row(ADMINISTRATOR),
    "change_cancel": Row(ADMINISTRATOR),
    # one's own account
    "account": Row(SIGNED_IN),
    "account_contact": Row(AGENCY),
    "account_login": Row(EVERYONE),
    "account_logout": Row(EVERYONE),
    "account_inactive": Row(EVERYONE),
    "account_signup": Row(EVERYONE),
    "account_email_verification_sent": Row(EVERYONE, begins=True),
    "account_confirm_login_code": Row(EVERYONE, begins=True),
    "account_reset_password": Row(EVERYONE),
    "account_confirm_password_reset_code": Row(EVERYONE, begins=True),
    "account_complete_password_reset": Row(EVERYONE, begins=True),
    "account_password_reset_completed": Row(EVERYONE),
    "account_reauthenticate": Row(SIGNED_IN),
    "account_change_password": Row(SIGNED_IN),
    "account_set_password": Row(SIGNED_IN),
    "account_email": Row(OWNERS),
    "mfa_authenticate": Row(EVERYONE, begins=True),
    "mfa_index": Row(SIGNED_IN),
    "mfa_reauthenticate": Row(SIGNED_IN),
    "mfa_reauthenticate_webauthn": Row(SIGNED_IN),
    "mfa_activate_totp": Row(SIGNED_IN),
    "mfa_deactivate_totp": Row(SIGNED_IN),
    "mfa_add_webauthn": Row(SIGNED_IN),
    "mfa_list_webauthn": Row(SIGNED_IN),
    "mfa_edit_webauthn": Row(SIGNED_IN),
    "mfa_remove_webauthn": Row(SIGNED_IN),
    "mfa_view_recovery_codes": Row(SIGNED_IN),
    "mfa_generate_recovery_codes": Row(SIGNED_IN),
    "mfa_download_recovery_codes": Row(SIGNED_IN),
    "usersessions_list": Row(SIGNED_IN),
    # demo: answers 404 wherever it is not one
    "demo_sign_in": Row(EVERYONE),
    "demo_mail": Row(EVERYONE),
    "demo_letter": Row(EVERYONE),
    "demo_letter_html": Row(EVERYONE),
}
