"""What a business reads about the connection of its CORE."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.models import Subscription
from shop.money import dollars
from shop.selectors import subscriptions as known
from shop.states import SubscriptionState


@dataclass(frozen=True, slots=True)
class SubscriptionCard:
    """One connection. Its terms must be loaded."""

    subscription: Subscription

    @property
    def words(self) -> str:
        """How it stands, in a sentence."""
        facts = {"day": self.until}
        if self.subscription.state == SubscriptionState.ENDED:
            return _("You ended this connection. Nobody sees anything through this CORE.")
        if self.subscription.state == SubscriptionState.CANCEL_SCHEDULED:
            return _("You canceled. It goes on until %(day)s, and ends then.") % facts
        return _("It is paid until %(day)s.") % facts

    @property
    def until(self) -> str:
        """The day until which it is paid."""
        return date_format(known.paid_until(self.subscription))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What it costs, and until when it is paid."""
        line = self.subscription.line
        rows = [(_("Paid until"), self.until)]
        if line.yearly_fee and self.subscription.state == SubscriptionState.ACTIVE:
            rows.append((_("Each later year"), _("%(fee)s, plus sales tax") % {"fee": dollars(line.yearly_fee)}))
        return rows

    @property
    def comes_back(self) -> str:
        """What goes back when it ends now."""
        return dollars(known.comes_back(self.subscription))

    @property
    def can_cancel(self) -> bool:
        """Whether it can be ended now."""
        return self.subscription.state != SubscriptionState.ENDED

    @property
    def can_end_with_year(self) -> bool:
        """Whether it can be ended with its year."""
        return self.subscription.state == SubscriptionState.ACTIVE

    @property
    def can_keep(self) -> bool:
        """Whether it was canceled and can be kept."""
        return self.subscription.state == SubscriptionState.CANCEL_SCHEDULED
