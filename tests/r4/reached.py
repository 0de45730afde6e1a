"""Addresses and acts that a walk does not reach, with reasons, kept by hand. A new one that it does not reach fails."""

from tests.r4.walk import Walk

NOT_FOUND = {404, 405}

NOWHERE = {
    "names what an owner's link or a CORE knows": {
        "claim", "claim_no", "core_snapshot", "core_stream", "device_api", "device_api_call", "invitation", "invited",
        "invited_no", "log_receipt", "log_receipts", "notices_stop", "reply", "reply_decline", "reply_files",
        "reply_footage", "reply_give", "reply_none", "reply_receipt", "reply_still", "upload", "upload_status",
    },
    "is there in a demo only, or where a provider of identities or of texts is set": {
        "demo", "demo_letter", "demo_letter_html", "demo_mail", "demo_sign_in", "demo_sign_in_as", "demo_text_gateway",
        "demo_texts", "oidc_begin", "oidc_callback", "text_inbound", "text_status",
    },
    "names a product, a version or a picture that there is none of": {
        "cart_change", "cart_remove", "privacy_version", "product", "product_add", "product_picture", "seal",
        "sharing_version", "terms_version",
    },
    "names an order, a parcel or a return; the shop knows nothing of requests": {
        "claim_approve", "claim_case", "claim_case_picture", "claim_charge", "claim_do", "claim_replace",
        "difference", "exemption", "exemption_approve", "exemption_paper", "fulfilment_cancel",
        "fulfilment_credit_note", "fulfilment_done", "fulfilment_invoice", "fulfilment_order", "order_check",
        "order_delay", "order_pack", "order_refund", "orders_pack", "parcel", "parcel_act", "parcel_hand_over",
        "parcel_label", "parcel_put", "parcel_scan", "parcel_sheet", "parcel_sheets", "parcel_take_out",
        "purchase_order", "purchase_order_approve", "purchase_order_paper", "refund_cancel", "refund_check",
        "refund_send", "return_case", "return_case_picture", "return_do", "return_inspect", "return_missing",
        "return_pay", "return_press",
    },
    "names something of the agency's own lists, none of which speaks of requests": {
        "added_address_take_out", "agency_preview_css", "catalogue_act", "catalogue_change", "catalogue_discount",
        "catalogue_discount_end", "catalogue_picture", "catalogue_picture_remove", "catalogue_price",
        "catalogue_product", "catalogue_stock", "change_approve", "change_cancel", "county_agency",
        "county_agency_remove", "fulfilment_stock", "lead", "lead_note", "lead_person", "lead_step", "message_reset",
        "message_text", "missing_address", "missing_address_accept", "missing_address_add", "street_data",
        "street_discard", "street_progress", "street_use", "suspension_confirm", "tax_rate_end",
    },
    "names a question of the weekly review to somebody else": {"review_question"},
    "names the paper of a week that nobody signed": {"review_council", "review_paper"},
    "names a batch of letters that there is none of": {"letter_batch_open"},
    "names a second factor that there is none of": {
        "mfa_download_recovery_codes", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
    },
    "names a year that has ended and is counted, and there is none here": {
        "annual_draft", "annual_paper", "annual_part", "annual_release", "annual_report", "annual_version",
    },
    "shows the public log, and nothing is sealed here": {"ledger_checkpoint", "ledger_key", "ledger_tile"},
    "knows streets alone, and none are loaded here": {"around_place", "street_map", "suggest_places"},
    "is about one's own live view, and is walked as the deputy who has one": {"live_again", "live_end", "live_extend"},
    "names broken glass, or a question to break it, and there is none here": {"glass_confirm", "glass_justify"},
    "settles what dispatch says otherwise, which is nothing here": {"dispatch_settle"},
    "shows video, and none is sent here; the gate that it asks is asked by live_watch too": {
        "live_playlist", "live_segment",
    },
}  # fmt: skip
"""Addresses that answer 404 wherever the walk comes."""

NOT_DONE = {
    "books_file": "answers with a file, and leads nowhere",
    "critical_declare": "is for an incident that nobody declared critical",
    "dispatch_file": "takes a file of the dispatch system",
    "evidence": "plays or downloads only after an entry that an earlier transaction committed",
    "figures": "releases figures of finished days, of which there are none here",
    "figures_delay": "holds back figures of finished days, of which there are none here",
    "figures_note": "is about figures of finished days, of which there are none here",
    "glass_ask": "is for an incident that nobody declared critical",
}
"""Acts that a page offers here and that are not accepted."""


def unreached(walk: Walk) -> set[str]:
    """Return the addresses that answered a walk with 404 or 405 alone, without those of NOWHERE."""
    answers: dict[str, set[int]] = {}
    for key, seen in walk.seen.items():
        answers.setdefault(key[0], set()).add(seen.status)
    return {name for name, statuses in answers.items() if statuses <= NOT_FOUND} - set().union(*NOWHERE.values())


def refused(walk: Walk) -> set[str]:
    """Return the acts that pages offered and that were accepted nowhere."""
    offered = {key[0] for key in walk.seen if key[1] == "act"}
    return offered - walk.accepted - set(NOT_DONE)
