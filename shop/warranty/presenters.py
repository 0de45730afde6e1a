from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.components import Cell, ListPage, Moment, Table, link, tallies
from shop.catalogue.money import dollars
from shop.orders.selectors.money import invoice_of, owed_of
from shop.returns.presenters.returns import Line
from shop.rules import OLD_UNIT_WITHIN
from shop.warranty.models import Claim
from shop.warranty.selectors import counts, worth_of_old
from shop.warranty.states import ClaimState

_C = ClaimState
NEXT = {
    _C.OPENED: gettext_lazy("We are reviewing what you wrote, and will tell you what comes next."),
    _C.APPROVED: gettext_lazy("You get another CORE, free of charge. We will write to you when it ships."),
    _C.DECLINED: gettext_lazy("The warranty covers a CORE that is yours and active. Please call us if this is wrong."),
    _C.REPLACEMENT_SHIPPED: gettext_lazy(
        "Type the code from the parcel into it. Your cameras are already connected to it."
    ),
    _C.OLD_UNIT_DUE: gettext_lazy(
        "The new CORE works. Please send the old one to the office, or bring it, by %(day)s."
    ),
    _C.CLOSED: gettext_lazy("Nothing is left to do."),
}
"""Next step of a claim in words for its owner. `bill_words` has the words for a claim whose old CORE is billed."""

CASES: dict[ClaimState, tuple[str | Promise, str | Promise]] = {
    _C.OPENED: (
        gettext_lazy("To be decided"),
        gettext_lazy("Read what the business wrote. Approve the claim if the CORE is theirs and active."),
    ),
    _C.APPROVED: (gettext_lazy("Waits for another CORE"), gettext_lazy("Send the business another CORE.")),
    _C.DECLINED: (gettext_lazy("Declined"), gettext_lazy("The business was told why. Nothing is left to do.")),
    _C.REPLACEMENT_SHIPPED: (
        gettext_lazy("The new CORE is on its way"),
        gettext_lazy("The business activates the new CORE. Then the old one is due here."),
    ),
    _C.OLD_UNIT_DUE: (
        gettext_lazy("The old CORE is due"),
        gettext_lazy("The new CORE works. Receive the old one, which is due by %(day)s."),
    ),
    _C.CHARGED: (
        gettext_lazy("The old CORE is billed"),
        gettext_lazy(
            "The old CORE did not come, so its value of %(amount)s was billed. If it comes, receive it: that cancels "
            "the bill."
        ),
    ),
    _C.CLOSED: (gettext_lazy("Closed"), gettext_lazy("Nothing is left to do.")),
}
"""State of a claim and the next step, in words for clerks."""

KINDS = {_C.DECLINED: "bad", _C.CLOSED: "good", _C.CHARGED: "bad"}


def words_of(claim: Claim, state: str = "") -> str:
    """Return the next step of a claim in words for its owner. state: when a message was written, "" for today's."""
    known = ClaimState(state or claim.state)
    return bill_words(claim) if known == _C.CHARGED else _filled(NEXT[known], claim)


def bill_words(claim: Claim) -> str:
    """Return in words for its owner that the old CORE of a claim is billed, and what of the bill is paid."""
    bill = claim.charge
    owed = owed_of(bill) if bill else 0
    if bill is None or invoice_of(bill) is None or owed == bill.total:
        words = _(
            "The old CORE did not arrive, so we billed its value of %(amount)s, to be paid by check. If you send it, "
            "we cancel the bill in full."
        )
    elif owed:
        words = _(
            "The old CORE did not arrive, so we billed its value of %(amount)s, and %(left)s of it is left to pay by "
            "check. If you send it, we cancel the bill in full."
        )
    else:
        words = _(
            "The old CORE did not arrive, so we billed its value of %(amount)s, and the bill is paid. If you send it, "
            "we cancel the bill in full, and you get your money back."
        )
    return words % {"amount": dollars(bill.total) if bill else "", "left": dollars(owed)}


def _filled(words: str | Promise, claim: Claim) -> str:
    day = date_format(claim.old_due_on, "DATE_FORMAT") if claim.old_due_on else ""
    amount = dollars(claim.charge.total) if claim.charge else ""
    return str(words) % {"day": day, "amount": amount}


def old_unit_words() -> str:
    words = _("If you get another CORE, the old one is due at the office %(days)d days after the new one works.")
    return words % {"days": OLD_UNIT_WITHIN.days}


@dataclass(frozen=True, slots=True)
class ClaimCard:
    opened_words: ClassVar[str | Promise] = gettext_lazy("You told us")

    claim: Claim

    @property
    def tag(self) -> tuple[str, str]:
        return KINDS.get(ClaimState(self.claim.state), "warn"), str(self.claim.get_state_display())

    @property
    def next_words(self) -> str:
        return words_of(self.claim)

    @property
    def terms(self) -> str:
        """Sentences on when the old CORE must be back, and on its value; "" once it is billed or the claim settled."""
        if self.claim.state in (_C.CHARGED, _C.CLOSED, _C.DECLINED):
            return ""
        sentences = []
        if self.claim.state in (_C.OPENED, _C.APPROVED, _C.REPLACEMENT_SHIPPED):
            sentences.append(old_unit_words())
        if self.is_late:
            sentences.append(_("That day has passed. Please call us if there is a problem."))
        if worth := self.worth:
            words = _(
                "If it does not arrive by then, we may bill its value by the published list, %(worth)s today. No "
                "card is ever charged for it."
            )
            sentences.append(words % {"worth": worth})
        return " ".join(sentences)

    @property
    def worth(self) -> str:
        """The value of the old CORE today, or "" if nobody bought it."""
        cents = worth_of_old(self.claim)
        return dollars(cents) if cents else ""

    @property
    def is_late(self) -> bool:
        due = self.claim.old_due_on
        return self.claim.state == _C.OLD_UNIT_DUE and due is not None and due < timezone.localdate()

    @property
    def facts(self) -> list[Line]:
        claim = self.claim
        rows = [(_("CORE"), claim.core.serial)]
        if claim.replacement is not None:
            rows.append((_("The new CORE"), claim.replacement.serial))
        if claim.old_due_on is not None:
            rows.append((_("The old one is due by"), date_format(claim.old_due_on, "DATE_FORMAT")))
        if claim.charge is not None:
            rows.append((_("Billed for the old one"), f"{dollars(claim.charge.total)} · {claim.charge.number}"))
        if claim.reason:
            rows.append((_("Reason"), claim.reason))
        return rows

    @property
    def timeline(self) -> list[Moment]:
        claim = self.claim
        moments = [
            (claim.opened_at, str(self.opened_words)),
            (claim.decided_at, _("It was decided")),
            (claim.replaced_at, _("Another CORE was sent")),
            (claim.charge.bought_at if claim.charge else None, _("The old one was billed")),
            (claim.received_at, _("The old one was received")),
        ]
        return [Moment(at, text) for at, text in moments if at is not None]


@dataclass(frozen=True, slots=True)
class ClaimCase(ClaimCard):
    opened_words: ClassVar[str | Promise] = gettext_lazy("The business told us")

    @property
    def tag(self) -> tuple[str, str]:
        state = ClaimState(self.claim.state)
        return KINDS.get(state, "warn"), str(CASES[state][0])

    @property
    def next_words(self) -> str:
        return _filled(CASES[ClaimState(self.claim.state)][1], self.claim)

    @property
    def known(self) -> list[Line]:
        owner = self.claim.registrant
        return [(_("Business"), owner.name), *self.facts] if owner and owner.name else self.facts


def board(listed: dict[str, Any]) -> ListPage:
    """Return the page with the list of claims and their counts by state. listed: made by `filtered_list`."""
    counted = counts()
    states = [(state, words, counted.get(state, 0)) for state, (words, _next) in CASES.items()]
    filtered = _("Write the whole number or less of the name, or choose another state.")
    empty = _("COREs that do not work as they should appear here, as their owners say so.")
    columns = [_("Number"), _("CORE"), _("State"), _("Business"), _("Opened"), _("Due")]
    return ListPage(
        _("Warranty"),
        Table(_("Warranty"), columns, [_board_row(ClaimCase(claim)) for claim in listed["page"]]),
        (_("No claim like this"), filtered) if listed["is_filtered"] else (_("No claim"), empty),
        back=link(_("Fulfilment"), "fulfilment"),
        tallies=tallies("claims_board", states),
    )


def _board_row(case: ClaimCase) -> list[object]:
    claim, day = case.claim, case.claim.old_due_on
    number, state = link(claim.number, "claim_case", claim.pk), Cell(tags=[case.tag])
    due = Cell(day and times.day(day), tags=[("bad", _("Late"))] if case.is_late else [])
    business = claim.registrant and claim.registrant.reference
    return [number, claim.core.serial, state, business, times.day(claim.opened_at), due]
