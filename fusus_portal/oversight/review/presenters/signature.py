"""Statements of a week's signature: the same on the page before it and in the PDF after it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.models import Agency
from fusus_portal.oversight.review.flags.contract import FlagKind
from fusus_portal.oversight.review.models import CardKind, ReviewCard, ReviewWeek
from fusus_portal.oversight.review.presenters.queue import cannot_sign, sampled, seeded, state_of, title_of, week_name
from fusus_portal.oversight.review.presenters.readers import auditors
from fusus_portal.oversight.review.services.cards import Queue
from fusus_portal.oversight.review.states import CardState, QuestionState


def sign_page(week: ReviewWeek, queue: Queue, viewer: User) -> dict[str, Any]:
    return {
        "week": week,
        "name": week_name(week),
        "seeded": seeded(week),
        "why_not": cannot_sign(week, queue, viewer),
        **signature(week, queue.cards, viewer),
    }


def signature(week: ReviewWeek, cards: Sequence[ReviewCard], signer: User) -> dict[str, Any]:
    office, reader = Agency.current().name, auditors(week)
    sentence = _(
        "%(who)s signs for the %(office)s: each card was looked at and decided by somebody who took no part in it."
    )
    return {
        "office": office,
        "signs": sentence % {"who": signer.pseudonym, "office": office},
        "looked": _looked_at(week, cards),
        "cards": [{"card": card, "title": title_of(card, reader), "state": state_of(card)} for card in cards],
    }


def _looked_at(week: ReviewWeek, cards: Sequence[ReviewCard]) -> list[str]:
    return [_sample(week, cards), _stood_out(cards), _decided(cards), _asked(cards)]


def _sample(week: ReviewWeek, cards: Sequence[ReviewCard]) -> str:
    number = sum(card.kind == CardKind.SAMPLE for card in cards)
    looked = ngettext(
        "%(number)d search, request, live view, clip, or file that was played or downloaded.",
        "%(number)d searches, requests, live views, clips, and files that were played or downloaded.",
        number,
    )
    return f"{looked % {'number': number}} {sampled(week)}"


def _stood_out(cards: Sequence[ReviewCard]) -> str:
    flags = Counter(str(FlagKind(card.flag).label) for card in cards if card.kind == CardKind.FLAG)
    if not flags:
        return _("Nothing stood out.")
    number = flags.total()
    sentence = ngettext(
        "%(number)d thing that stood out: %(which)s.", "%(number)d things that stood out: %(which)s.", number
    )
    which = "; ".join(f"{label} ({often})" if often > 1 else label for label, often in flags.items())
    return sentence % {"number": number, "which": which}


def _decided(cards: Sequence[ReviewCard]) -> str:
    fine, findings = (sum(card.state == state for card in cards) for state in (CardState.FINE, CardState.FINDING))
    found_fine = ngettext("%(number)d card was fine.", "%(number)d cards were fine.", fine) % {"number": fine}
    made = ngettext("%(number)d finding was made.", "%(number)d findings were made.", findings) % {"number": findings}
    return f"{found_fine} {made}"


def _asked(cards: Sequence[ReviewCard]) -> str:
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
