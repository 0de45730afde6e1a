"""Pages of findings, of questions, and of the address that hears of overdue reviews.

The page of a question shows the asked person's own acts and nobody else's.
"""

from collections.abc import Iterable
from functools import partial
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from audit import hooks
from audit.console.entry import acts_of, entry_sentence, local_time
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.components import Action, Cell
from fusus_portal.oversight.review import policies
from fusus_portal.oversight.review.models import AlarmAddress, ReviewFinding, ReviewQuestion
from fusus_portal.oversight.review.presenters.readers import Reader, card_title, week_name
from fusus_portal.oversight.review.states import FindingState, QuestionState


def finding_row(finding: ReviewFinding) -> Cell:
    title = card_title(finding.card, Reader(finding.card.week, is_inside=True))
    by_day = _("by %(day)s") % {"day": times.day(finding.due_on)}
    return Cell(title, reverse("review_finding", args=[finding.pk]), [_state_of(finding)], by_day)


def _state_of(finding: ReviewFinding) -> tuple[str, str]:
    if finding.state == FindingState.CLOSED:
        return "good", str(finding.get_state_display())
    return ("bad", _("Overdue")) if finding.due_on < timezone.localdate() else ("warn", _("Open"))


def finding_page(finding: ReviewFinding) -> dict[str, Any]:
    reader = Reader(finding.card.week, is_inside=True)
    kind, state = _state_of(finding)
    return {
        "finding": finding,
        "found": finding_for_reader(finding, reader),
        "title": card_title(finding.card, reader),
        "week_name": week_name(finding.card.week),
        "state": state,
        "kind": kind,
        "open": finding.state == FindingState.OPEN,
    }


def finding_for_reader(finding: ReviewFinding, reader: Reader) -> dict[str, Any]:
    facts = [
        (_("What was found"), reader.text(finding.note)),
        (_("What follows"), reader.text(finding.follow_up)),
        (_("By which day"), times.day(finding.due_on)),
        (_("Made by"), f"{reader.name(finding.made_by.pseudonym)}, {reader.when(finding.made_at)}"),
    ]
    if finding.outcome:
        facts.append((_("What came of it"), reader.text(finding.outcome)))
    return {"facts": facts, "place": finding.card.place}


QUESTION_TAGS = {QuestionState.ASKED: "warn", QuestionState.ANSWERED: "good", QuestionState.CLOSED: "quiet"}


def question_page(question: ReviewQuestion, entries: Iterable[AuditEntry]) -> dict[str, Any]:
    """Return the page of a question. entries: their own; those of one act that read the same are one line."""
    own = list(entries)
    incidents, act_of = hooks.names("incident", (entry.incident_id for entry in own)), acts_of(own)
    same_lines = groupby(own, lambda entry: (act_of[entry.pk], entry_sentence(entry), entry.incident_id))
    acts = [
        (local_time(first.at), what, incidents.get(incident, ""), 1 + len(more))
        for (_act, what, incident), (first, *more) in same_lines
    ]
    return {
        "question": question,
        "week_name": week_name(question.card.week),
        "asked": times.moment(question.asked_at),
        "kind": QUESTION_TAGS[QuestionState(question.state)],
        "acts": acts,
        "asks": question.state == QuestionState.ASKED,
    }


def question_row(question: ReviewQuestion) -> Cell:
    tag = QUESTION_TAGS[QuestionState(question.state)], str(question.get_state_display())
    text, url = Truncator(question.text).chars(90), reverse("review_question", args=[question.pk])
    return Cell(text, url, [tag], times.moment(question.asked_at))


def address_row(address: AlarmAddress, viewer: User) -> dict[str, Any]:
    waits = address.approved_at is None and address.retired_at is None
    in_use = address.approved_at is not None and address.retired_at is None
    steps = (
        (_("Proposed"), address.proposed_by, address.proposed_at),
        (_("Approved"), address.approved_by, address.approved_at),
        (_("Retired"), address.retired_by, address.retired_at),
    )
    return {
        "address": address,
        "facts": [(label, f"{by.pseudonym}, {times.moment(at)}") for label, by, at in steps if by and at],
        "actions": _acts_on(address, viewer) if waits else [],
        "label": _("In use") if in_use else _("Proposed") if waits else _("Retired"),
        "kind": "good" if in_use else "warn" if waits else "quiet",
    }


def _acts_on(address: AlarmAddress, viewer: User) -> list[Action]:
    name, about = str(address.pk), address.email
    approve, cancel = (reverse(f"review_address_{act}", args=[address.pk]) for act in ("approve", "cancel"))
    reason = why_not(partial(policies.may_approve_address, viewer, address))
    return [
        Action(name, _("Approve"), approve, reason, primary=True, about=about),
        Action(name, _("Cancel"), cancel, about=about),
    ]
