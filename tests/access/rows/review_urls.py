"""The rows of addresses of the weekly review. See `urls`."""

from tests.access.who import ACTING, ADMINISTRATOR, AUDITOR, EVERYONE, OUTSIDE, REVIEWERS, Row

REVIEW: dict[str, Row] = {
    "weekly_review": Row(EVERYONE),
    "review": Row(REVIEWERS),
    "review_week": Row(REVIEWERS),
    "review_sign": Row(AUDITOR),
    "review_paper": Row(AUDITOR),
    "review_council": Row(REVIEWERS),
    "review_card": Row(REVIEWERS),
    "review_fine": Row(AUDITOR),
    "review_ask": Row(AUDITOR),
    "review_find": Row(REVIEWERS),
    "review_want": Row(OUTSIDE),
    "review_explain": Row(AUDITOR),
    "review_findings": Row(AUDITOR),
    "review_finding": Row(AUDITOR),
    "review_questions": Row(ACTING),
    "review_question": Row(ACTING),
    "review_addresses": Row(ADMINISTRATOR),
    "review_address_approve": Row(ADMINISTRATOR),
    "review_address_cancel": Row(ADMINISTRATOR),
}
