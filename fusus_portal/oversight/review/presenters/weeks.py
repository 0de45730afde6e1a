"""A week of review: its list of cards, the page before its signature, and the papers of auditors and of a council."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _, gettext_lazy, ngettext, ngettext_lazy

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.components import Cell, Table, link
from fusus_portal.oversight.figures.definitions import FEWEST
from fusus_portal.oversight.review import policies, selectors
from fusus_portal.oversight.review.flags.kinds import FlagKind
from fusus_portal.oversight.review.models import CardKind, ReviewCard, ReviewFinding, ReviewWeek
from fusus_portal.oversight.review.presenters.questions import finding_row
from fusus_portal.oversight.review.presenters.readers import (
    CARD_TAGS,
    Reader,
    about_cards,
    card_state,
    card_title,
    reader_of,
    week_name,
    without_details,
)
from fusus_portal.oversight.review.rules import SAMPLE_SIZE
from fusus_portal.oversight.review.services.reviews import Queue
from fusus_portal.oversight.review.states import CardState, ExplanationState, FindingState, QuestionState, WeekState

HIDDEN_CARDS = ngettext_lazy(
    "One card has to do with an incident that is open. You can read it once that is closed.",
    "%(number)d cards have to do with incidents that are open. You can read them once those are closed.",
    "number",
)
BLOCKED_CARDS = ngettext_lazy(
    "No auditor may review one of these cards, since each took part. Administrators were told: another auditor is "
    "needed.",
    "No auditor may review %(number)d of these cards, since each took part. Administrators were told: another "
    "auditor is needed.",
    "number",
)


def queue_page(week: ReviewWeek, queue: Queue, viewer: User, *, entry: int | None = None) -> dict[str, Any]:
    reader = reader_of(week, viewer)
    done = sum(card.state != CardState.WAITING for card in queue.cards)
    waiting = [card for card in queue.cards if card.state == CardState.WAITING]
    mine = [card for card in waiting if card.pk not in queue.took_part and not queue.had_another_role]
    about = about_cards(queue.cards, reader)
    return {
        "week": week,
        "name": week_name(week),
        "cards": [
            {
                "card": card,
                "about": about.get(card.pk, ""),
                "title": card_title(card, reader),
                "state": card_state(card),
                "kind": CARD_TAGS[CardState(card.state)],
                "explanation": getattr(card, "explanation", None),
                "took_part": card.pk in queue.took_part,
            }
            for card in queue.cards
        ],
        "done": done,
        "total": len(queue.cards),
        "first": next((card for card in mine if not card.is_asked), mine[0] if mine else None),
        "hidden": HIDDEN_CARDS % {"number": queue.hidden} if queue.hidden else "",
        "blocked": BLOCKED_CARDS % {"number": len(queue.blocked)} if queue.blocked else "",
        "other_role": why_not(partial(policies.must_have_one_role, week, had_another_role=queue.had_another_role)),
        "sampled": sampled_sentence(week),
        "seeded": seeded_sentence(week),
        "due": due_sentence(week, reader),
        "is_late": week.is_late,
        "signs": has(viewer.role, Permission.AUDIT) and week.state == WeekState.OPEN,
        "cannot_sign": why_not_signed(week, queue, viewer),
        "closed": why_not(partial(policies.must_be_unsigned, week)),
        "entry": entry if has(viewer.role, Permission.AUDIT) else None,
    }


def due_sentence(week: ReviewWeek, reader: Reader) -> str:
    if week.signed_at is not None and week.signed_by is not None:
        words = {"who": reader.name(week.signed_by.pseudonym), "when": reader.when(week.signed_at)}
        return _("Signed by %(who)s, %(when)s.") % words
    return _("To be signed before %(when)s.") % {"when": reader.when(week.due_at)}


def sampled_sentence(week: ReviewWeek) -> str:
    number = f"{week.acts:,}"
    sentence = ngettext("The sample was drawn from one act.", "The sample was drawn from %(number)s acts.", week.acts)
    return sentence % {"number": number}


def seeded_sentence(week: ReviewWeek) -> str:
    if week.is_seeded_in_time:
        return _("It was drawn by a seed whose hash was in the log before the week began.")
    return _("It was drawn by a seed whose hash was in the log only after the week had begun.")


def why_not_signed(week: ReviewWeek, queue: Queue, viewer: User) -> str:
    waiting = sum(card.state == CardState.WAITING for card in queue.cards)
    checks = (
        partial(policies.must_be_unsigned, week),
        partial(policies.may_sign, viewer, week, had_another_role=queue.had_another_role),
        partial(policies.must_be_done, week, waiting=waiting),
    )
    return next(filter(None, map(why_not, checks)), "")


def sign_page(week: ReviewWeek, queue: Queue, viewer: User) -> dict[str, Any]:
    signature = signature_of(week, queue.cards, viewer)
    rows = [
        (each["card"].place, link(each["title"], "review_card", each["card"].pk), each["state"], _decider(each["card"]))
        for each in signature["cards"]
    ]
    return {
        "week": week,
        "name": week_name(week),
        "seeded": seeded_sentence(week),
        "why_not": why_not_signed(week, queue, viewer),
        "findings": [_row_of_note(card.finding) for card in queue.cards if hasattr(card, "finding")],
        "stays_open": stays_open(week, queue.cards),
        "table": Table(_("The cards"), [_("Card"), _("About"), _("Decided"), _("By")], rows),
        **signature,
    }


def _row_of_note(finding: ReviewFinding) -> Cell:
    text, url = Truncator(finding.note).chars(120), reverse("review_card", args=[finding.card_id])
    return replace(finding_row(finding), text=text, url=url)


def _decider(card: ReviewCard) -> str:
    by, at = card.decided_by, card.decided_at
    return f"{by.pseudonym}, {times.moment(at)}" if by and at else ""


def to_explain(viewer: User) -> list[Cell]:
    """Return the cards, of any week, that auditors still have to explain; [] for anybody else."""
    if not has(viewer.role, Permission.AUDIT):
        return []
    cards = [each.card for each in selectors.explanations_waiting()]
    titles = [(card, card_title(card, Reader(card.week, is_inside=True))) for card in cards]
    return [Cell(title, reverse("review_card", args=[card.pk]), soft=week_name(card.week)) for card, title in titles]


def week_row(week: ReviewWeek) -> Cell:
    tag = "good" if week.signed_at else "warn", str(week.get_state_display())
    return Cell(week_name(week), reverse("review_week", args=[week.pk]), [tag])


def stays_open(week: ReviewWeek, cards: Sequence[ReviewCard]) -> list[str]:
    """Return sentences about what the signature leaves open: findings, answers, explanations, and open incidents."""
    due = sum(hasattr(card, "finding") and card.finding.state == FindingState.OPEN for card in cards)
    unanswered = sum(each.state == QuestionState.CLOSED for card in cards for each in card.questions.all())
    counted = (
        (due, LEFT_OPEN["due"]),
        (selectors.open_findings_before(week).count(), LEFT_OPEN["earlier"]),
        (unanswered, LEFT_OPEN["unanswered"]),
        (selectors.explanations_waiting().count(), LEFT_OPEN["unexplained"]),
        (len(selectors.cards_in_open_incidents(cards)), LEFT_OPEN["hidden"]),
    )
    return [str(words % {"number": number}) for number, words in counted if number]


LEFT_OPEN = {
    "due": ngettext_lazy(
        "%(number)d finding of this week is to be followed up.",
        "%(number)d findings of this week are to be followed up.",
        "number",
    ),
    "earlier": ngettext_lazy(
        "%(number)d finding of an earlier week is still open.",
        "%(number)d findings of earlier weeks are still open.",
        "number",
    ),
    "unanswered": ngettext_lazy("%(number)d question got no answer.", "%(number)d questions got no answer.", "number"),
    "unexplained": ngettext_lazy(
        "%(number)d card that a reviewer from outside wants explained is not explained yet.",
        "%(number)d cards that reviewers from outside want explained are not explained yet.",
        "number",
    ),
    "hidden": ngettext_lazy(
        "%(number)d card has to do with an incident that is still open. Reviewers from outside read it later.",
        "%(number)d cards have to do with incidents that are still open. Reviewers from outside read them later.",
        "number",
    ),
}
"""Sentences of `stays_open`."""


def signature_of(week: ReviewWeek, cards: Sequence[ReviewCard], signer: User) -> dict[str, Any]:
    office, reader = Agency.current().name, Reader(week, is_inside=True)
    sentence = _(
        "%(who)s signs for the %(office)s: each card was looked at and decided by somebody who took no part in it."
    )
    return {
        "office": office,
        "signs": sentence % {"who": signer.pseudonym, "office": office},
        "looked": [
            f"{_sample_statement(cards)} {sampled_sentence(week)}",
            _flag_statement(cards),
            _decision_statement(cards),
            _question_statement(cards),
            _explanation_statement(cards),
        ],
        "cards": [{"card": card, "title": card_title(card, reader), "state": card_state(card)} for card in cards],
    }


def _sample_statement(cards: Sequence[ReviewCard]) -> str:
    number = sum(card.kind == CardKind.SAMPLE for card in cards)
    looked = ngettext(
        "%(number)d search, request, live view, clip, or file that was played or downloaded.",
        "%(number)d searches, requests, live views, clips, and files that were played or downloaded.",
        number,
    )
    return looked % {"number": number}


def _flag_statement(cards: Sequence[ReviewCard]) -> str:
    flags = Counter(str(FlagKind(card.flag).label) for card in cards if card.kind == CardKind.FLAG)
    if not flags:
        return _("Nothing stood out.")
    number = flags.total()
    sentence = ngettext(
        "%(number)d thing that stood out: %(which)s.", "%(number)d things that stood out: %(which)s.", number
    )
    which = "; ".join(f"{label} ({often})" if often > 1 else label for label, often in flags.items())
    return sentence % {"number": number, "which": which}


def _decision_statement(cards: Sequence[ReviewCard]) -> str:
    fine, findings = (sum(card.state == state for card in cards) for state in (CardState.FINE, CardState.FINDING))
    found_fine = ngettext("%(number)d card was fine.", "%(number)d cards were fine.", fine) % {"number": fine}
    made = ngettext("%(number)d finding was made.", "%(number)d findings were made.", findings) % {"number": findings}
    return f"{found_fine} {made}"


def _question_statement(cards: Sequence[ReviewCard]) -> str:
    asked = [question for card in cards for question in card.questions.all()]
    if not asked:
        return _("Nobody was asked anything.")
    answered = sum(question.state == QuestionState.ANSWERED for question in asked)
    sentence = ngettext(
        "%(number)d question was asked, and %(answered)d answered.",
        "%(number)d questions were asked, and %(answered)d answered.",
        len(asked),
    )
    return sentence % {"number": len(asked), "answered": answered}


def _explanation_statement(cards: Sequence[ReviewCard]) -> str:
    marked = [card.explanation for card in cards if hasattr(card, "explanation")]
    given = sum(each.state == ExplanationState.GIVEN for each in marked)
    words = ngettext(
        "Reviewers from outside wanted %(number)d card explained; explained: %(given)d.",
        "Reviewers from outside wanted %(number)d cards explained; explained: %(given)d.",
        len(marked),
    )
    return words % {"number": len(marked), "given": given}


COUNCIL_KINDS = (
    (gettext_lazy("Searches and requests"), (Event.CANVASS_DRAFTED, Event.CANVASS_CHANGED, Event.CANVASS_SENT)),
    (gettext_lazy("Live views and clips"), (Event.VIEW_STARTED, Event.CLIP_ASKED)),
    (gettext_lazy("Footage played or downloaded"), (Event.EVIDENCE_VIEWED, Event.EVIDENCE_DOWNLOADED)),
)


def council_page(week: ReviewWeek, cards: Sequence[ReviewCard]) -> dict[str, Any]:
    """Return what a council reads of a signed week: no person, no open incident and no act that an owner reads later.

    Cards of those are in the whole numbers only, so that nothing tells of them.
    """
    withheld = selectors.cards_in_open_incidents(cards) | selectors.cards_with_delayed_acts(cards)
    found = [card.finding for card in cards if hasattr(card, "finding")]
    readable = [each for each in found if each.card_id not in withheld]
    return {
        "office": Agency.current().name,
        "name": week_name(week),
        "seeded": seeded_sentence(week),
        "size": SAMPLE_SIZE,
        "total": len(cards),
        "is_small": len(cards) < FEWEST,
        "fewest": FEWEST,
        "kinds": _council_kinds([card for card in cards if card.pk not in withheld], len(cards)),
        "decided": [_decision_statement(cards), _question_statement(cards), _explanation_statement(cards)],
        "findings": [_council_finding(each) for each in readable],
        "unread": len(found) - len(readable),
        "earlier": selectors.open_findings_before(week).count(),
        "is_late": week.is_late,
        "signed": times.day(week.signed_at) if week.signed_at else "",
    }


def _council_kinds(cards: Sequence[ReviewCard], total: int) -> list[tuple[str, str]]:
    """Return the number of cards looked at by kind, as in the public figures: none below FEWEST.

    Kinds below it, and cards that a council does not read about, are one number with the smallest other kind that
    makes it large enough; without any such number no kind has one.
    """
    entries = selectors.first_entries_of_cards(cards)
    events = Counter(entries[card.pk].event for card in cards if card.kind == CardKind.SAMPLE and card.pk in entries)
    counted = {str(label): sum(events[event] for event in kinds) for label, kinds in COUNCIL_KINDS}
    counted[_("What stood out")] = sum(card.kind == CardKind.FLAG for card in cards)
    shown = {label: number for label, number in counted.items() if number >= FEWEST}
    while shown and 0 < total - sum(shown.values()) < FEWEST:
        shown.pop(min(shown, key=lambda label: shown[label]))
    rest = total - sum(shown.values())
    rows = [(label, f"{number:,}") for label, number in shown.items()]
    return [*rows, (_("All other kinds together"), f"{rest:,}")] if rows and rest else rows


def _council_finding(finding: ReviewFinding) -> dict[str, Any]:
    return {
        "note": without_details(finding.note, lambda _badge: _("a person of the office")),
        "follow_up": without_details(finding.follow_up, lambda _badge: _("a person of the office")),
        "due": times.day(finding.due_on),
    }
