"""What a walk does not reach, and why: said by people. A new address that it does not reach fails."""

from tests.r4.walk import Walk

NOT_FOUND = {404, 405}

NOWHERE = {
    "names what an owner's link or a CORE knows": {
        "claim", "claim_no", "core_snapshot", "core_stream", "device_api", "device_api_call", "invitation", "invited",
        "invited_no", "log_receipt", "log_receipts", "notices_stop", "reply", "reply_decline", "reply_files",
        "reply_footage", "reply_none", "reply_receipt", "upload", "upload_status",
    },
    "is there in a demo only, or where a provider of identities is set": {
        "demo_letter", "demo_letter_html", "demo_mail", "demo_sign_in", "oidc_begin", "oidc_callback",
    },
    "names a product, a version or a picture that there is none of": {
        "cart_change", "cart_remove", "privacy_version", "product", "product_add", "product_picture", "seal",
        "sharing_version", "terms_version",
    },
    "names a second factor that there is none of": {
        "mfa_download_recovery_codes", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
    },
    "shows the public log, of which nothing is sealed here": {"ledger_checkpoint", "ledger_key", "ledger_tile"},
    "shows video, of which none is sent here; the gate that it asks is asked by live_watch too": {
        "live_playlist", "live_segment",
    },
}  # fmt: skip
"""Addresses that answer 404 wherever the walk comes."""

NOT_DONE = {
    "evidence": "plays or downloads only after an entry that an earlier transaction committed",
    "glass_ask": "is for an incident that nobody declared critical",
}
"""Acts that a page offers here and that are refused."""


def unreached(walk: Walk) -> set[str]:
    """Return the addresses of which a walk saw no more than that there is no such thing."""
    answers: dict[str, set[int]] = {}
    for key, seen in walk.seen.items():
        answers.setdefault(key[0], set()).add(seen.status)
    return {name for name, statuses in answers.items() if statuses <= NOT_FOUND} - set().union(*NOWHERE.values())


def refused(walk: Walk) -> set[str]:
    """Return the acts that pages offered and that were accepted nowhere."""
    offered = {key[0] for key in walk.seen if key[1] == "act"}
    return offered - walk.accepted - set(NOT_DONE)
