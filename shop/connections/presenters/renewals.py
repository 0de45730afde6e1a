from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.catalogue.money import dollars
from shop.connections import policies
from shop.connections.models import CardOnFile, Subscription
from shop.connections.policies import a_year_after
from shop.connections.selectors import kept_cards, renewals
from shop.connections.selectors.subscriptions import owing_orders, paid_until
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order
from shop.orders.presenters.money import due_words
from shop.orders.states import WAITING, OrderState
from shop.payments.cards import card_words
from shop.payments.states import AttemptState

_S = SubscriptionState
KINDS = {_S.ACTIVE: "good", _S.PAST_DUE: "bad", _S.LAPSED: "bad", _S.CANCEL_SCHEDULED: "warn"}


@dataclass(frozen=True)
class YearCard:
    """A connection and its next year. Its terms and the orders of its years must be loaded."""

    subscription: Subscription

    @property
    def kind(self) -> str:
        return KINDS.get(_S(self.subscription.state), "quiet")

    @property
    def is_renewed(self) -> bool:
        goes_on = policies.can_go_on(self.subscription)
        return goes_on and (self.waiting is not None or renewals.fee_of(self.subscription) > 0)

    @property
    def is_owed(self) -> bool:
        return self.subscription.state == _S.PAST_DUE

    @property
    def has_lapsed(self) -> bool:
        return self.subscription.state == _S.LAPSED

    @cached_property
    def waiting(self) -> Order | None:
        """The order of its next year, announced and unpaid."""
        return next((order for order in self.subscription.renewals.all() if order.state in WAITING), None)

    @property
    def waits_for_clerk(self) -> bool:
        return self.waiting is not None and self.waiting.state == OrderState.AWAITING_APPROVAL

    @cached_property
    def owed(self) -> list[str]:
        return [due_words(order) for order in owing_orders(self.subscription)]

    @property
    def until_words(self) -> str:
        day = {"day": date_format(paid_until(self.subscription))}
        return _("Connected until %(day)s, and not paid yet") % day if self.owed else _("Paid until %(day)s") % day

    @cached_property
    def card(self) -> CardOnFile | None:
        return kept_cards.card_for(self.subscription)

    @property
    def amount(self) -> str:
        """The price of the next year, tax included; "" if no tax rate is known."""
        cents, _day = renewals.next_year(self.subscription)
        return "" if cents is None else dollars(cents)

    @property
    def day(self) -> str:
        return date_format(renewals.next_year(self.subscription)[1])

    @property
    def facts(self) -> list[tuple[str, str]]:
        if self.has_lapsed:
            return [(_("Another year costs"), _("%(amount)s with sales tax") % {"amount": self.amount})]
        if not self.is_renewed:
            return []
        words = {"day": self.day, "amount": self.amount}
        if self.is_owed:
            rows = [(_("Past due"), _("%(amount)s with sales tax") % words)]
        else:
            rows = [(_("Next year"), _("%(amount)s with sales tax, on %(day)s") % words)]
        return [*rows, (_("How it is paid"), self.how)]

    @property
    def how(self) -> str:
        if self.waits_for_clerk:
            return _("By a purchase order, which a clerk is reviewing")
        return by_card(self.card)


def by_card(card: CardOnFile | None) -> str:
    if card is None:
        return kept_cards.none_words()
    facts = {"card": card_words(card.card_brand, card.card_last4) or _("the card"), "day": _left_on(card)}
    return _("By %(card)s, kept since %(day)s") % facts


def method_facts(card: CardOnFile | None) -> list[tuple[str, str]]:
    if card is None:
        return []
    which = card_words(card.card_brand, card.card_last4)
    return [*([(_("Your card"), which)] if which else []), (_("Saved on"), _left_on(card))]


@dataclass(frozen=True)
class YearPage:
    """The page of a further year's order, whose line and attempts must be loaded."""

    order: Order

    @property
    def core(self) -> tuple[str, str]:
        core = self.subscription.core
        return str(core.pk), core.serial

    @cached_property
    def subscription(self) -> Subscription:
        rows = Subscription.objects.select_related("core").prefetch_related("terms")
        return rows.get(renewals=self.order)

    @property
    def years(self) -> str:
        terms = [term for term in self.subscription.terms.all() if term.line_id == self.order.lines.all()[0].pk]
        begin = terms[0].starts_on if terms else self.order.year_from or timezone.localdate()
        end = terms[0].ends_on if terms else a_year_after(begin)
        return _("%(begin)s to %(end)s") % {"begin": date_format(begin), "end": date_format(end)}

    @property
    def facts(self) -> list[tuple[str, str]]:
        card = kept_cards.card_of(self.order)
        rows = [(_("Order"), self.order.number), (_("Pays for"), self.years)]
        if self.order.state == OrderState.AWAITING_PAYMENT:
            rows.append((_("How it is paid"), by_card(card)))
        return rows

    @property
    def can_be_paid(self) -> bool:
        return self.order.state == OrderState.AWAITING_PAYMENT and not self._charge_is_open

    @property
    def _charge_is_open(self) -> bool:
        open_states = (AttemptState.CREATED, AttemptState.OPEN, AttemptState.PROCESSING)
        return any(each.state in open_states and not each.is_by_page for each in self.order.attempts.all())

    @property
    def is_owed(self) -> bool:
        return self.order.state == OrderState.AWAITING_PAYMENT and self.subscription.state == _S.PAST_DUE

    @property
    def words(self) -> str:
        order = self.order
        if order.state == OrderState.AWAITING_APPROVAL:
            return _("Next: a clerk reviews your purchase order. Nothing stops before that.")
        if order.state != OrderState.AWAITING_PAYMENT:
            return ""
        if self._charge_is_open:
            return _("Next: your card is being charged now.")
        if self.is_owed:
            day = date_format(policies.stops_on(self.subscription))
            return _("Next: the payment. Unless it is paid by %(day)s, the CORE stops then.") % {"day": day}
        if self.subscription.state == _S.LAPSED:
            return _("Next: the payment. The year begins on the day you pay, and the CORE works again.")
        return self._before()

    def _before(self) -> str:
        day = {"day": date_format(renewals.charged_on(self.order))}
        if kept_cards.card_of(self.order) is None:
            return _("Next: the payment, by %(day)s. No card is kept for it.") % day
        return _("Next: your card is charged on %(day)s. You can pay earlier.") % day


def _left_on(card: CardOnFile) -> str:
    return date_format(timezone.localdate(card.saved_at))
