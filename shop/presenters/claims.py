"""What people read about warranty claims."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.models import Claim
from shop.presenters.returns import Line, Moment
from shop.states import ClaimState

_C = ClaimState
NEXT = {
    _C.OPENED: gettext_lazy("We look at what you wrote, and tell you what comes next."),
    _C.APPROVED: gettext_lazy("You get another CORE, free of charge. We write to you when it is on its way."),
    _C.DECLINED: gettext_lazy("The warranty is for a CORE that is yours and active. Please call if that is wrong."),
    _C.REPLACEMENT_SHIPPED: gettext_lazy(
        "Type the code that lies in the parcel into it. Your cameras are behind it already."
    ),
    _C.OLD_UNIT_DUE: gettext_lazy("The other one works. Please send the old one to the office, or bring it."),
    _C.CLOSED: gettext_lazy("Nothing is left to do."),
}
KINDS = {_C.DECLINED: "bad", _C.CLOSED: "good"}


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """One claim, for its owner and for clerks."""

    claim: Claim

    @property
    def tag(self) -> tuple[str, str]:
        """Kind and words of its tag."""
        return KINDS.get(ClaimState(self.claim.state), "warn"), str(self.claim.get_state_display())

    @property
    def next_words(self) -> str:
        """What comes next."""
        return str(NEXT[ClaimState(self.claim.state)])

    @property
    def facts(self) -> list[Line]:
        """What is known of it."""
        claim = self.claim
        rows = [(_("CORE"), claim.core.serial)]
        if claim.replacement is not None:
            rows.append((_("The other CORE"), claim.replacement.serial))
        if claim.reason:
            rows.append((_("Reason"), claim.reason))
        return rows

    @property
    def timeline(self) -> list[Moment]:
        """What has happened, with dates."""
        claim = self.claim
        moments = [
            (claim.opened_at, _("You told us")),
            (claim.decided_at, _("It was decided")),
            (claim.replaced_at, _("Another CORE was sent")),
            (claim.received_at, _("The old one was received")),
        ]
        return [Moment(at, text) for at, text in moments if at is not None]
