"""What a business reads about the connection of its CORE."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.connections import policies
from shop.connections.models import Subscription
from shop.connections.presenters.renewals import YearCard
from shop.connections.selectors import subscriptions
from shop.connections.states import SubscriptionState
from shop.orders.presenters.money import to_buyer
from shop.orders.selectors.money import Split


@dataclass(frozen=True)
class SubscriptionCard:
    """One connection. Its terms must be loaded."""

    subscription: Subscription

    @property
    def words(self) -> str:
        """Its state, in a sentence."""
        facts = {"day": self.until}
        if self.subscription.state == SubscriptionState.ENDED:
            return _("You ended this connection. Nobody sees anything through this CORE.")
        if self.subscription.state == SubscriptionState.CANCEL_SCHEDULED:
            return _("You canceled. It works until %(day)s, and ends then.") % facts
        if self.subscription.state == SubscriptionState.LAPSED:
            return _("Its year was not paid, so it has stopped. Nobody sees anything through this CORE.")
        if self.subscription.state == SubscriptionState.PAST_DUE:
            return self._past_due
        if self.year.owed:
            return _("It is connected until %(day)s, and not paid yet.") % facts
        return _("It is paid until %(day)s.") % facts

    @property
    def _past_due(self) -> str:
        facts = {"day": self.until, "stops": date_format(policies.stops_on(self.subscription))}
        if self.year.waits_for_clerk:
            words = _(
                "Its year ended on %(day)s. A clerk reviews your purchase order for the next one, and nothing stops "
                "before that."
            )
            return words % facts
        return _("Its year ended on %(day)s, and the next one is not paid. It stops on %(stops)s.") % facts

    @property
    def until(self) -> str:
        """The day until which it is paid; once canceled its last, since a year that was paid ahead is nothing then."""
        return date_format(self.subscription.ends_on or subscriptions.paid_until(self.subscription))

    @property
    def year_ends(self) -> str:
        """The day on which the year ends that has begun."""
        return date_format(subscriptions.year_ends_on(self.subscription))

    @cached_property
    def year(self) -> YearCard:
        """Its next year."""
        return YearCard(self.subscription)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What it costs, and until when it is paid."""
        owed = [(_("Not paid yet"), words) for words in self.year.owed]
        return [(_("Connected until") if owed else _("Paid until"), self.until), *owed, *self.year.facts]

    @property
    def now_words(self) -> str:
        """What becomes of the money when it ends now."""
        splits = subscriptions.splits_of(self.subscription)
        if not splits:
            return _("No whole month is left, so nothing comes back.")
        return _said(_("%(money)s, for the whole months that you have not used."), splits)

    @property
    def ahead_words(self) -> str:
        """What becomes of a year that has not begun when it ends with its year, "" for none."""
        begun = subscriptions.year_ends_on(self.subscription)
        return _said(
            _("%(money)s, for the year after that."), subscriptions.splits_of(self.subscription, from_day=begun)
        )

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


def _said(words: str, splits: Sequence[Split]) -> str:
    return " ".join(words % {"money": to_buyer(split)} for split in splits)
