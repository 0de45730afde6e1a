"""Promises about the log, and about the people who look."""

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit.ledger.publication import how_often
from fusus_portal.promises.promise import Promise, Topic

BEYOND = (
    Promise(
        key="B1",
        topic=Topic.PRIVACY,
        question=_("Can I see who looked?"),
        answer=_(
            "Yes. Your profile lists everyone who searched for, asked for or viewed your cameras: "
            "when, for which incident, and under which badge name. It also lists who of the office read your name or "
            "address on a page of an order, a CORE or a file. For an investigation a supervisor can delay what "
            "an entry says, 30 days at most and renewed once at most; you see at once that there is one."
        ),
        control=_(
            "The entries of each camera are numbered without a gap, so a missing one would show. A delay ends "
            "automatically, and the database allows no longer one and no second renewal. After each live view of a "
            "connected camera its owner gets an e-mail."
        ),
        figure="exceptions",
        kept_by=(
            "audit.log.selectors.entries_of_cameras",
            "registry.access_log.views.looks",
            "registry.access_log.selectors.withheld_from",
            "registry.access_log.services.delay_looks",
            "registry.access_log.services.see_owner",
            "integration.live.services.views.notify_owners",
        ),
        tests=(
            "tests/registry/access_log/test_looks.py",
            "tests/registry/access_log/test_delay_pages.py",
            "tests/registry/access_log/test_delays.py",
            "tests/registry/access_log/test_named.py",
            "tests/looks/test_every_look.py",
            "tests/integration/live/views/test_view_notices.py",
            "tests/audit/log/test_record.py",
        ),
    ),
    Promise(
        key="B2",
        topic=Topic.PRIVACY,
        question=_("Could the office change the log?"),
        answer=format_lazy(
            _(
                "Not without being noticed. The state of the log is signed and published {often}, and anyone can "
                "check that no entry before it was changed or taken out. Each entry about your cameras has a receipt "
                "that proves it."
            ),
            often=lazy(how_often, str)(),
        ),
        control=_(
            "The database lets nobody change or delete an entry. What a superuser of the database "
            "could still do no longer fits the signed states, and a program that anyone can run finds it."
        ),
        kept_by=(
            "audit.ledger.sealer.seal_round",
            "audit.ledger.publication.publish",
            "audit.ledger.receipts.receipt_of",
            "audit.ledger.checks.runs.check_at_once",
            "audit.ledger.checks.runs.check_new",
            "audit.ledger.checks.runs.check_whole",
            "audit.ledger.verifier",
            "audit.console.views",
            "registry.access_log.views",
        ),
        tests=(
            "tests/audit/log/test_append_only.py",
            "tests/audit/ledger/sealer/test_rounds.py",
            "tests/audit/console/test_ledger.py",
            "tests/audit/ledger/test_receipts.py",
            "tests/audit/ledger/checks/test_ledger.py",
            "tests/audit/ledger/checks/test_recent.py",
            "tests/audit/ledger/checks/test_whole.py",
            "tests/audit/ledger/test_export.py",
            "tests/registry/access_log/test_receipts.py",
            "tests/browser/owners/test_checking.py",
        ),
    ),
    Promise(
        key="B3",
        topic=Topic.PRIVACY,
        question=_("Where do the public numbers come from?"),
        answer=_(
            "They are counted from the log. Nobody writes them. A person of our office reviews them each quarter, and "
            "can hold back newer days for a time or add a note, and can't change a number."
        ),
        control=_(
            "Each figure names the state of the log that it was counted from. Every night a day is counted again; a "
            "figure that comes out otherwise is withheld, and the page says so. An auditor can count all of them again "
            "with a program that is not ours."
        ),
        kept_by=(
            "fusus_portal.oversight.figures.services.count_next_day",
            "fusus_portal.oversight.figures.services.recount_day",
            "fusus_portal.oversight.figures.services",
            "fusus_portal.oversight.figures.policies",
        ),
        tests=(
            "tests/oversight/figures/test_counting.py",
            "tests/oversight/figures/test_recomputed.py",
            "tests/oversight/figures/test_checks.py",
            "tests/oversight/figures/test_suppression.py",
            "tests/oversight/figures/test_public_pages.py",
            "tests/oversight/figures/test_reviews.py",
        ),
        figure="figures",
    ),
    Promise(
        key="B4",
        topic=Topic.PRIVACY,
        question=_("Does a deputy need a reason?"),
        answer=_(
            "Yes, before anything is searched or opened. "
            "A search needs an open incident, the deputy must work on it, "
            "and phrases like “investigation” are not accepted, in English or Spanish. "
            "A connected camera is seen live only once somebody other than the one who opened the incident has checked "
            "it. The one exception is broken glass: for half an hour, and only cameras whose owner signed for it and "
            "chose it."
        ),
        since=2,
        before=_(
            "Yes, before anything is searched or opened. "
            "A search needs an open incident, the deputy must work on it, "
            "and phrases like “investigation” are not accepted, in English or Spanish."
        ),
        control=_("Each reason is checked and kept with the entry in the log."),
        figure="requests",
        kept_by=(
            "registry.incidents.policies.reasons",
            "registry.incidents.policies.incidents.may_work_on",
            "registry.incidents.policies.incidents.must_be_open",
            "registry.footage.services.custody",
            "integration.live.policies.decide",
        ),
        tests=(
            "tests/registry/incidents/test_reason_first.py",
            "tests/integration/critical/test_chosen_glass.py",
            "tests/registry/footage/evidence/test_evidence.py",
            "tests/registry/canvasses/test_canvass_limits.py",
        ),
    ),
    Promise(
        key="B5",
        topic=Topic.PRIVACY,
        question=_("Does anyone check the deputies?"),
        answer=_(
            "Yes, every week. An auditor, who can't act in the portal, looks at a random part of what deputies did in "
            "it and at what stood out, asks them, and writes down what was found and what follows. When nobody has "
            "signed a week in time, this site says so."
        ),
        control=_(
            "Nobody picks the sample: a seed whose hash is in the log before the week begins decides it, and the seed "
            "is published after the week. An account has one role, and nobody reviews what they did, ordered or "
            "approved. The signed review has its fingerprint in the log, and a late one raises an alarm."
        ),
        kept_by=(
            "fusus_portal.oversight.review.selectors.sample_of_week",
            "fusus_portal.oversight.review.selectors.cards_took_part_in",
            "fusus_portal.oversight.review.services.reviews.seed_weeks",
            "fusus_portal.oversight.review.services.reviews.raise_overdue_weeks",
            "fusus_portal.oversight.review.services.reviews.sign_week",
        ),
        tests=(
            "tests/oversight/review/test_sample.py",
            "tests/oversight/review/test_independence.py",
            "tests/oversight/review/test_review_pages.py",
            "tests/oversight/review/test_from_outside.py",
            "tests/oversight/review/test_overdue.py",
            "tests/browser/console/test_review.py",
        ),
    ),
    Promise(
        key="B6",
        topic=Topic.PRIVACY,
        question=_("Do I get proof of what I gave?"),
        answer=_(
            "Yes. The page of your request shows a fingerprint of each file that arrived. If even one bit were "
            "changed, the fingerprint would be another one."
        ),
        control=_(
            "Our server computes the fingerprint, not your browser, and lists it on a page to print. To check that the "
            "file arrived as you sent it, compute the fingerprint of your own copy: the page says how."
        ),
        kept_by=(
            "registry.footage.services.custody.receive",
            "registry.footage.storage.fingerprint",
        ),
        tests=(
            "tests/registry/footage/evidence/test_own_files.py",
            "tests/registry/footage/evidence/test_custody.py",
            "tests/registry/footage/uploads/test_storage.py",
        ),
    ),
    Promise(
        key="B7",
        topic=Topic.PRIVACY,
        question=_("Do other agencies get my data, or federal agencies?"),
        answer=_(
            "Not through this portal. It has no account and no connection for another agency, federal or not, and "
            "tells none about you unless you ask for it when you move. Footage that you gave is evidence: once a "
            "deputy has downloaded it, our office may hand it on to prosecutors, courts and agencies that work on the "
            "case, and a court or the law may order us to."
        ),
        control=_(
            "Two administrators must agree before anyone of the office gets an account, or a copy of the whole "
            "registry. You see an entry for each of your cameras in such a copy, and for each download of your "
            "footage. Where a file goes afterwards, the portal can't see."
        ),
        kept_by=(
            "fusus_portal.ground.accounts.services.role_changes.approve",
            "registry.imports.services.exports.approve",
            "registry.footage.services.custody",
        ),
        tests=(
            "tests/accounts/test_role_changes.py",
            "tests/registry/imports/test_exports.py",
            "tests/registry/footage/evidence/test_evidence_pages.py",
        ),
    ),
)
