from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.components import Cell, ListPage, Table, link, number
from shop.catalogue.money import dollars
from shop.catalogue.presenters import NOTHING
from shop.connections import policies, selectors
from shop.connections.models import CardOnFile, Subscription
from shop.connections.states import SubscriptionState
from shop.orders.models.orders import Order
from shop.orders.policies import a_year_after
from shop.orders.presenters.money import due_words, to_buyer
from shop.orders.selectors.money import Split, owed_of
from shop.orders.states import WAITING, OrderState
from shop.payments.cards import NO_CARD, card_words, why_not_charged_for_clerks
from shop.payments.selectors import is_processing
from shop.payments.states import LIVE_ATTEMPTS
from shop.rules import LAPSES_AFTER

_S = SubscriptionState
STATE_KINDS = {_S.ACTIVE: "good", _S.PAST_DUE: "bad", _S.LAPSED: "bad", _S.CANCEL_SCHEDULED: "warn"}


def state_words(subscription: Subscription, waiting: Order | None) -> str:
    """Return the state of a connection. waiting: the order of its next year that is not bought yet, if there is one."""
    if waiting is None or waiting.state != OrderState.AWAITING_APPROVAL:
        return subscription.get_state_display()
    if subscription.state == _S.LAPSED:
        return _("Stopped, and a purchase order waits for a clerk")
    is_due = subscription.state == _S.PAST_DUE
    return _("A purchase order waits for a clerk") if is_due else subscription.get_state_display()


def lapsed_words(waiting: Order | None) -> str:
    """Return the sentence for the owner of a CORE that stopped for an unpaid year. waiting: as in `state_words`."""
    if waiting is not None and waiting.state == OrderState.AWAITING_APPROVAL:
        return _(
            "Its year was not paid, so it has stopped, and it works again once a clerk has approved your purchase "
            "order."
        )
    return _("Its year was not paid, so it has stopped. Nobody sees anything through this CORE.")


@dataclass(frozen=True)
class YearCard:
    """A connection and its next year. Prefetch the connection's terms, their orders, and its renewals."""

    subscription: Subscription

    @property
    def kind(self) -> str:
        return STATE_KINDS.get(_S(self.subscription.state), "quiet")

    @property
    def state_words(self) -> str:
        return state_words(self.subscription, self.waiting)

    @property
    def is_renewed(self) -> bool:
        goes_on = policies.can_go_on(self.subscription) and not self.is_coming_back
        return goes_on and (self.waiting is not None or selectors.fee_of_year(self.subscription) > 0)

    @cached_property
    def is_coming_back(self) -> bool:
        return selectors.is_coming_back(self.subscription)

    @property
    def is_owed(self) -> bool:
        return self.subscription.state == _S.PAST_DUE

    @property
    def has_lapsed(self) -> bool:
        return self.subscription.state == _S.LAPSED and not self.is_coming_back

    @cached_property
    def waiting(self) -> Order | None:
        """The order of the next year, announced and not paid yet."""
        return next((order for order in self.subscription.renewals.all() if order.state in WAITING), None)

    @property
    def waits_for_clerk(self) -> bool:
        return self.waiting is not None and self.waiting.state == OrderState.AWAITING_APPROVAL

    @cached_property
    def owed(self) -> list[str]:
        orders = [term.line.order for term in selectors.terms_of(self.subscription)]
        return [due_words(order) for order in orders if owed_of(order)]

    @property
    def until_words(self) -> str:
        day = {"day": date_format(selectors.paid_until(self.subscription))}
        return _("Connected until %(day)s, and not paid yet") % day if self.owed else _("Paid until %(day)s") % day

    @property
    def next_year(self) -> dict[str, str]:
        """The price of the next year, tax included, or "" if no tax rate is known, and the day of its charge."""
        cents, day = selectors.next_year(self.subscription)
        return {"amount": "" if cents is None else dollars(cents), "day": date_format(day)}

    @property
    def facts(self) -> list[tuple[str, str]]:
        if self.has_lapsed:
            rows = [(_("Another year costs"), _("%(amount)s with sales tax") % self.next_year)]
            return [*rows, (_("How it is paid"), self.how)] if self.waits_for_clerk else rows
        if not self.is_renewed:
            return []
        if self.is_owed:
            row = _("Past due"), _("%(amount)s with sales tax") % self.next_year
        else:
            row = _("Next year"), _("%(amount)s with sales tax, on %(day)s") % self.next_year
        return [row, (_("How it is paid"), self.how)]

    @property
    def how(self) -> str:
        if self.waits_for_clerk:
            return _("By a purchase order, which a clerk is reviewing")
        return card_payment_words(selectors.card_of_subscription(self.subscription))


def card_payment_words(card: CardOnFile | None) -> str:
    if card is None:
        return str(policies.NO_CARD_KEPT)
    which = card_words(card.card_brand, card.card_last4) or _("the card")
    return _("By %(card)s, kept since %(day)s") % {"card": which, "day": times.localized_day(card.saved_at)}


def card_facts(card: CardOnFile | None) -> list[tuple[str, str]]:
    if card is None:
        return []
    which = card_words(card.card_brand, card.card_last4)
    return [*([(_("Your card"), which)] if which else []), (_("Saved on"), times.localized_day(card.saved_at))]


@dataclass(frozen=True)
class YearPage:
    """The page of a further year's order. Prefetch the order's lines and attempts."""

    order: Order

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
        rows = [(_("Order"), self.order.number), (_("Pays for"), self.years)]
        if self.order.state == OrderState.AWAITING_PAYMENT:
            rows.append((_("How it is paid"), card_payment_words(selectors.card_of_order(self.order))))
        return rows

    @property
    def can_be_paid(self) -> bool:
        waits = self.order.state == OrderState.AWAITING_PAYMENT and not self._charge_is_open
        return waits and not is_processing(self.order)

    @property
    def _charge_is_open(self) -> bool:
        return any(each.state in LIVE_ATTEMPTS and not each.is_by_page for each in self.order.attempts.all())

    @property
    def is_owed(self) -> bool:
        return self.order.state == OrderState.AWAITING_PAYMENT and self.subscription.state == _S.PAST_DUE

    @property
    def words(self) -> str:
        if self.order.state != OrderState.AWAITING_PAYMENT:
            return self._approval if self.order.state == OrderState.AWAITING_APPROVAL else ""
        if selectors.is_coming_back(self.subscription):
            return str(policies.COMING_BACK)
        if self._charge_is_open:
            return _("Next: your card is being charged now.")
        if self.is_owed:
            day = date_format(policies.stops_on(self.subscription))
            return _("Next: the payment. Unless it is paid by %(day)s, the CORE stops then.") % {"day": day}
        if self.subscription.state == _S.LAPSED:
            return _("Next: the payment. The year begins on the day you pay, and the CORE works again.")
        return self._before()

    @property
    def _approval(self) -> str:
        if self.subscription.state == _S.LAPSED:
            return f"{_('Next: a clerk reviews your purchase order.')} {lapsed_words(self.order)}"
        return _("Next: a clerk reviews your purchase order. Nothing stops before that.")

    def _before(self) -> str:
        day = {"day": date_format(selectors.charge_day_of(self.order))}
        if selectors.card_of_order(self.order) is None:
            return _("Next: the payment, by %(day)s. No card is kept for it.") % day
        return _("Next: your card is charged on %(day)s. You can pay earlier.") % day


def year_cards(user: User) -> list[YearCard]:
    return [YearCard(each) for each in selectors.own_subscriptions(user) if each.ended_at is None]


def year_facts(order: Order) -> tuple[str, list[tuple[str, str]], str]:
    year = YearPage(order)
    return year.subscription.core.serial, year.facts[1:], state_words(year.subscription, order)


@dataclass(frozen=True)
class SubscriptionCard:
    """A connection on its owner's page of the CORE. Prefetch the connection's terms."""

    subscription: Subscription

    @property
    def words(self) -> str:
        facts = {"day": self.until}
        if self.year.is_coming_back:
            return str(policies.COMING_BACK)
        if self.subscription.state == SubscriptionState.ENDED:
            return _("You ended this connection. Nobody sees anything through this CORE.")
        if self.subscription.state == SubscriptionState.CANCEL_SCHEDULED:
            return _("You canceled. It works until %(day)s, and ends then.") % facts
        if self.subscription.state == SubscriptionState.LAPSED:
            return lapsed_words(self.year.waiting)
        if self.subscription.state == SubscriptionState.PAST_DUE:
            return self._past_due
        paid, owed = _("It is paid until %(day)s."), _("It is connected until %(day)s, and not paid yet.")
        return (owed if self.year.owed else paid) % facts

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
        """The day until which the connection is paid; once canceled its last day, since years paid ahead are void.

        After an end at once it is the day of the end: the rest was refunded.
        """
        if self.subscription.state == _S.ENDED and self.subscription.ends_on is None:
            return selectors.day_of(self.subscription)
        return date_format(self.subscription.ends_on or selectors.paid_until(self.subscription))

    @property
    def year_ends(self) -> str:
        return date_format(selectors.year_ends_on(self.subscription))

    @cached_property
    def year(self) -> YearCard:
        return YearCard(self.subscription)

    @property
    def facts(self) -> list[tuple[str, str]]:
        owed = [(_("Not paid yet"), words) for words in self.year.owed]
        is_over = owed or self.subscription.state == _S.ENDED
        return [(_("Connected until") if is_over else _("Paid until"), self.until), *owed, *self.year.facts]

    @property
    def now_words(self) -> str:
        splits = selectors.splits_of(self.subscription)
        if not splits:
            return _("No whole month is left, so nothing comes back.")
        return _said(_("For the whole months that you have not used: %(money)s."), splits)

    @property
    def ahead_words(self) -> str:
        """The refund of a year paid ahead if the connection ends with its current year, or ""."""
        begun = selectors.year_ends_on(self.subscription)
        return _said(_("For the year after that: %(money)s."), selectors.splits_of(self.subscription, from_day=begun))

    @property
    def can_cancel(self) -> bool:
        return self.subscription.state != SubscriptionState.ENDED and not self.year.is_coming_back

    @property
    def can_end_with_year(self) -> bool:
        return self.subscription.state == SubscriptionState.ACTIVE and not self.year.is_coming_back

    @property
    def can_keep(self) -> bool:
        return self.subscription.state == SubscriptionState.CANCEL_SCHEDULED and not self.year.is_coming_back


def _said(words: str, splits: list[Split]) -> str:
    return " ".join(words % {"money": to_buyer(split)} for split in splits)


def owing_list() -> ListPage:
    columns = [_("CORE"), _("City"), _("State"), number(_("Amount")), _("Since"), _("Stops on"), _("Why")]
    rows = [owing_cells(each) for each in selectors.owing_subscriptions()]
    intro = _(
        "Cards are tried again automatically, and owners get e-mail. A CORE stops %(lapses_after)s days after its year "
        "was due, but not while its purchase order waits for a clerk. You only need to decide on purchase orders and "
        "answer the phone."
    )
    return ListPage(
        _("Years past due"),
        Table(_("Years past due"), columns, rows),
        (
            _("Every year is paid"),
            _("A CORE whose year could not be charged would appear here, with the reason."),
        ),
        back=link(_("Fulfilment"), "fulfilment"),
        intro=intro % {"lapses_after": LAPSES_AFTER.days},
    )


def owing_cells(subscription: Subscription) -> list[Any]:
    """Return a row about a connection with an unpaid year, for clerks. Prefetch its renewals.

    A stopped CORE owes nothing. While a clerk has to decide on a purchase order, nothing stops and nothing failed.
    """
    core, city = subscription.core, subscription.line.order.ship_city
    order = max(subscription.renewals.all(), key=lambda order: order.drafted_at, default=None)
    name = link(core.serial, "fulfilment_order", order.number) if order else core.serial
    amount = dollars(order.total) if order is not None and order.state in WAITING else NOTHING
    since = date_format(subscription.past_due_on) if subscription.past_due_on else NOTHING
    stopped = _("Stopped") if subscription.state == _S.LAPSED else ""
    if order is not None and order.state == OrderState.AWAITING_APPROVAL:
        tag = ("bad" if stopped else "warn", state_words(subscription, order))
        return [name, city, Cell(tags=[tag]), amount, since, stopped or NOTHING, NOTHING]
    stops_on = stopped or date_format(policies.stops_on(subscription))
    charges = selectors.charges_of_year(order) if order is not None else []
    why = why_not_charged_for_clerks(next((each.failure for each in reversed(charges) if each.failure), NO_CARD))
    return [name, city, Cell(tags=[("bad", subscription.get_state_display())]), amount, since, stops_on, why]
