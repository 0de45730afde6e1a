"""A business that buys COREs, uses them, and does with them what its plan says."""

from contextlib import suppress
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ValidationError

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Denied
from integration.cores.models import Core
from integration.cores.services import cores as core_services, credentials
from integration.cores.services.credentials import IssuedCode
from registry.places.models import Premises
from registry.registrants.models import Registrant
from shop.connections.services import subscriptions
from shop.orders.models.orders import Order
from shop.orders.services import carts, orders
from shop.orders.states import OrderState
from shop.payments.gateway.answers import GatewayFault
from shop.payments.models import PaymentAttempt
from shop.payments.services import payments
from shop.returns import services as returns
from shop.returns.models import Return
from shop.warranty import services as warranty
from shop.warranty.models import Claim
from tests.integration.cores.devices import FIRMWARE, business_at, public_key
from tests.peers.payments import ASKS, DECLINED_AT_ONCE, PAID
from tests.shop.orders.orders import SENDING, pdf
from tests.shop.payments.paying import BACK
from tests.shop.year.days import Act
from tests.shop.year.office import Office
from tests.shop.year.plan import CLAIMING, Life, Pays, Then
from tests.shop.year.renewal import Renewal

MOST_TRIES = 5
BAD_MOMENT = (Denied, ValidationError, GatewayFault)
"""Errors when the payment service does not answer, or another act was first. The business tries again another day."""


@dataclass
class Business:
    """A business, with its plan and the office that it deals with."""

    life: Life
    office: Office
    owner: Registrant = field(init=False)
    order: Order = field(init=False)
    cores: list[Core] = field(default_factory=list)

    @property
    def renewal(self) -> Renewal:
        """The second year of the business."""
        return Renewal(self)

    @property
    def by(self) -> User:
        """The account of the business."""
        return self.owner.user

    @property
    def place(self) -> Premises:
        """The first place of the business."""
        return Premises.objects.registered().filter(registrant=self.owner).earliest("added_at")

    # Buying

    def joins(self) -> None:
        """Register, put things into a cart, and order."""
        self.owner = business_at(language=self.life.language)
        cart = carts.open_for(user=self.by, browser="")
        carts.put(cart=cart, product=self.office.core, quantity=self.life.pieces)
        if self.life.accessories:
            carts.put(cart=cart, product=self.office.accessory, quantity=self.life.accessories)
        self.order = orders.draft(registrant=self.owner, cart=cart, by=self.by, sending=SENDING)
        if self.life.is_on_account:
            self._buys_on_account()
            return
        orders.place(order=self.order, by=self.by, consents=True)
        self.pays()

    def pays(self) -> None:
        """Go to the payment page, and pay as planned."""
        attempt = self.opens_page(self.order)
        if self.life.pays == Pays.NEVER:
            return
        if self.life.pays == Pays.TWO_TABS:
            assert payments.begin_attempt(order=self.order, by=self.by, return_to=BACK, keeps=True).pk == attempt.pk
        self._card(attempt)
        if self.life.is_heard:
            self._comes_back(attempt)
        self._waits_for_parcel()

    def opens_page(self, order: Order) -> PaymentAttempt:
        """Open a payment page, as often as it takes: the service may not answer at first."""
        for _try in range(MOST_TRIES):
            with suppress(*BAD_MOMENT):
                return payments.begin_attempt(order=order, by=self.by, return_to=BACK, keeps=True)
            self.office.days.wait(3)
        return payments.begin_attempt(order=order, by=self.by, return_to=BACK, keeps=True)

    def _card(self, attempt: PaymentAttempt) -> None:
        peer = self.office.service.peer
        if self.life.pays == Pays.DECLINED_FIRST:
            assert "declined" in peer.pay(attempt.session_id, DECLINED_AT_ONCE)
        if self.life.pays == Pays.ASKED_BY_BANK:
            assert "declined" in peer.pay(attempt.session_id, ASKS, "fail")
            peer.pay(attempt.session_id, ASKS)
        else:
            peer.pay(attempt.session_id, PAID)

    def _comes_back(self, attempt: PaymentAttempt) -> None:
        try:
            payments.settle(attempt=attempt)
        except BAD_MOMENT:
            return

    def _buys_on_account(self) -> None:
        sent = orders.submit_purchase_order(
            order=self.order, by=self.by, consents=True, number="PO-1", limit=self.order.total, paper=pdf()
        )
        is_good = self.life.pays == Pays.PURCHASE_ORDER
        self.office.days.after(2, lambda: self.office.decides(sent, is_good=is_good))
        if is_good:
            self._waits_for_parcel()

    def _waits_for_parcel(self) -> None:
        days = self.office.days
        if self.life.then == Then.CANCELS_ORDER:
            days.after(1, self.tries(self.cancels_order))
        else:
            days.after(3, lambda: self.office.sends(self))

    def cancels_order(self) -> None:
        """Cancel before anything is sent."""
        orders.cancel(order=self.order, by=self.by)

    # Using

    def gets_parcel(self, cores_in_it: list[Core]) -> None:
        """Put the COREs to work."""
        for core in cores_in_it:
            self.works(core_services.issue_own_code(core=core, by=self.by))
        if not self.is_served or self.cores:
            return
        self.cores = list(Core.objects.filter(registrant=self.owner, state="active").order_by("serial"))
        self.renewal.begins()
        act = self._acts().get(self.life.then)
        if act is not None:
            self.office.days.after(self.life.at, self.tries(act))

    @property
    def is_served(self) -> bool:
        """True if everything that the business ordered was sent."""
        return Order.objects.get(pk=self.order.pk).state in (OrderState.SHIPPED, OrderState.COMPLETED)

    @staticmethod
    def works(issued: IssuedCode) -> None:
        """Activate a CORE by its code."""
        key = public_key(Ed25519PrivateKey.generate())
        credentials.activate(serial=issued.core.serial, code=issued.code, key=key, firmware=FIRMWARE)

    def tries(self, act: Act, *, left: int = MOST_TRIES) -> Act:
        """Return an act that is tried again the next day, when its moment was a bad one, but not for ever."""

        def tried() -> None:
            try:
                act()
            except BAD_MOMENT as refusal:
                if left:
                    self.office.days.after(1, self.tries(act, left=left - 1))
                else:
                    self.office.refused[f"{self.life.then} {refusal}"] += 1

        return tried

    # What becomes of it

    def _acts(self) -> dict[Then, Act]:
        return {
            Then.CANCELS_NOW: self.cancels_now,
            Then.CANCELS_WITH_YEAR: self.cancels_with_year,
            Then.KEEPS_AFTER_ALL: self.keeps_after_all,
            Then.RETURNS: self.returns,
            Then.RETURNS_WRONG_PARCEL: self.returns,
            **dict.fromkeys(CLAIMING, self.claims),
            Then.REFUNDED: lambda: self.office.refunds(self.order),
            Then.REFUNDED_OUTSIDE: lambda: self.office.refunds_outside(self.order),
        }

    def cancels_now(self) -> None:
        """End all connections at once; some send the CORE back a week later."""
        for core in self.cores:
            subscriptions.cancel_now(core=core, by=self.by)
        if self.life.parts:
            self.office.days.after(7, self.tries(self.returns))

    def cancels_with_year(self) -> None:
        """Let all connections end with their year."""
        for core in self.cores:
            subscriptions.cancel_with_year(core=core, by=self.by)

    def keeps_after_all(self) -> None:
        """Let them end, and think better of it."""
        self.cancels_with_year()
        for core in self.cores:
            self.office.days.after(4, lambda core=core: subscriptions.keep(core=core, by=self.by))  # type: ignore[misc]

    def returns(self) -> None:
        """Give the first CORE back."""
        core = Core.objects.get(pk=self.cores[0].pk)
        core_services.begin_return(core=core, by=self.by)
        back = Return.objects.filter(core=core).latest("requested_at")
        self._sends_back(back, serial="" if self.life.then == Then.RETURNS_WRONG_PARCEL else core.serial)

    def _sends_back(self, back: Return, *, serial: str) -> None:
        days = self.office.days
        days.after(1, lambda: self.office.labels(back))
        days.after(3, lambda: returns.send_return(back=back, by=self.by))
        days.after(7, lambda: self.office.receives(self, back, serial=serial))

    def sends_again(self, core: Core) -> None:
        """Send the CORE after a parcel without it."""
        back = returns.request_return(core=Core.objects.get(pk=core.pk), by=self.by)
        assert back is not None
        self._sends_back(back, serial=core.serial)

    def claims(self) -> None:
        """Say that the first CORE does not work, and get another one."""
        claim = warranty.open_claim(core=self.cores[0], by=self.by, problem="It does not start", pictures=[])
        self.office.days.after(1, lambda: self.office.replaces(self, claim))

    def gets_replacement(self, claim: Claim, issued: IssuedCode) -> None:
        """Put the other CORE to work, and send the old one."""
        self.works(issued)
        self.cores[0] = issued.core
        if self.life.then == Then.CLAIMS:
            self.office.days.after(6, lambda: self.office.receives_old(claim))
        else:
            comes = self.life.then == Then.CLAIMS_AND_IS_LATE
            self.office.days.after(45, lambda: self.office.bills_old(claim, comes=comes))
