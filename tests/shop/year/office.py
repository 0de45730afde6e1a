"""The office: clerks who send, decide, inspect and give back, and the tasks that a comparison leaves."""

import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from integration.cores.services import cores
from shop.catalogue import services as catalogue
from shop.orders.models.orders import Order, PurchaseOrder, ShopTask, TaskKind
from shop.orders.selectors import money
from shop.orders.services import orders as order_services
from shop.orders.states import CONFIRMED, WAITING, OrderState
from shop.parcels import services as parcels
from shop.parcels.models import Shipment
from shop.parcels.policies import has_to_ship, to_ship, why_not_sent
from shop.payments.models import Payment, Refund
from shop.payments.policies import waits_for_decision
from shop.payments.services import payments, refunds
from shop.returns import services as returns
from shop.returns.models import Return
from shop.returns.states import ReturnState
from shop.warranty import services as warranty
from shop.warranty.models import Claim
from tests.factories import person
from tests.integration.cores.devices import CERTIFICATE, fresh_serial
from tests.shop.orders import orders
from tests.shop.parcels.parcels import TRACKING
from tests.shop.returns.returned import published, snap
from tests.shop.year.days import Days
from tests.shop.year.service import Service

if TYPE_CHECKING:
    from tests.shop.year.business import Business

LOST, NEVER_PAYS, SENT_BACK, TAKES_LESS, SHIPS_AFTER_ALL = 0.02, 0.05, 0.05, 0.15, 0.5
LAST_TO_SHIP = 400
"""Days from the first until which goods of a refund that failed ship after all: later nobody would see them arrive."""

NOT_MADE_ANEW = ["external", "late", "twice"]
A_BATCH = 50


class Office:
    """Clerks, and what they sell. core, accessory: the products. outside: what was refunded in the dashboard."""

    def __init__(self, days: Days, service: Service, chance: random.Random) -> None:
        self.days, self.service, self._chance = days, service, chance
        self.clerk, self.second = person(Role.CLERK), person(Role.CLERK)
        published()
        orders.tax_rate()
        self.core = orders.product(on_hand=0)
        self.accessory = orders.product(kind="accessory", cents=2_575, on_hand=0)
        self._serials: list[str] = []
        self.outside: list[int] = []
        self.taken_less = 0
        self.settled: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._looked_at: set[UUID] = set()
        self._buyers: dict[UUID, Business] = {}

    def some(self, least: int, most: int) -> int:
        """Return a random number between two bounds."""
        return self._chance.randint(least, most)

    # Stock

    def orders_more(self, size: int) -> None:
        """Receive the stock that so many businesses may need."""
        for product in (self.core, self.accessory):
            for _batch in range(size // 100 + 1):
                catalogue.change_stock(product=product, by=self.clerk, kind="received", change=500)

    def _serial(self) -> str:
        """Return the serial number of a CORE in stock."""
        if not self._serials:
            model = self.core.core_model
            assert model is not None
            self._serials = [fresh_serial() for _number in range(A_BATCH)]
            cores.receive(model=model, by=self.clerk, serials="\n".join(self._serials))
        return self._serials.pop()

    # Selling

    def decides(self, purchase_order: PurchaseOrder, *, is_good: bool) -> None:
        """Decide about a purchase order; its check comes later, or never."""
        if not is_good:
            order_services.decline_purchase_order(
                purchase_order=purchase_order, by=self.clerk, reason="It is not signed"
            )
            return
        if Order.objects.get(pk=purchase_order.order_id).state != OrderState.AWAITING_APPROVAL:
            return
        order = order_services.approve_purchase_order(purchase_order=purchase_order, by=self.clerk).order
        if self._chance.random() >= NEVER_PAYS:
            self.days.after(self._chance.randint(10, 60), lambda: self.records_check(order))

    def records_check(self, order: Order) -> None:
        """Record the check for what is due: less than the invoice, where something came back before it was paid."""
        order.refresh_from_db()
        due = money.owed_of(order)
        if order.state in CONFIRMED and due > 0:
            payments.receive_check(
                order=order,
                by=self.clerk,
                number=str(self._chance.randint(1_000, 9_999)),
                cents=due,
                received_on=timezone.localdate(),
            )

    def sends(self, buyer: "Business") -> None:
        """Pack and send what is owed, once the order is bought; now and then a parcel is lost."""
        order = Order.objects.get(pk=buyer.order.pk)
        if order.state in WAITING:
            self.days.after(1, lambda: self.sends(buyer))
            return
        assert order.state in CONFIRMED, order.state
        self._buyers[order.pk] = buyer
        self._takes_less(order)
        left = to_ship(Order.objects.get(pk=order.pk))
        if not left:
            return
        shipment = parcels.begin_parcel(order=order, by=self.clerk)
        for line, pieces in left:
            if line.kind == "core":
                for _piece in range(pieces):
                    parcels.scan_core(shipment=shipment, by=self.clerk, serial=self._serial())
            else:
                parcels.put_pieces(shipment=shipment, by=self.clerk, line=line, quantity=pieces)
        parcels.label_parcel(shipment=shipment, by=self.clerk, carrier="usps", tracking=TRACKING)
        self._takes_less(order)
        if why_not_sent(Shipment.objects.get(pk=shipment.pk)):
            self._serials += shipment.items.filter(core__isnull=False).values_list("core__serial", flat=True)
            parcels.drop_parcel(shipment=shipment, by=self.clerk)
            self.days.after(1, lambda: self.sends(buyer))
            return
        parcels.hand_over_parcel(shipment=shipment, by=self.clerk, premises=buyer.place)
        if self._chance.random() < LOST:
            self.days.after(9, lambda: self._loses(shipment, buyer))
        else:
            self.days.after(2, lambda: self._delivers(shipment, buyer))

    def _takes_less(self, order: Order) -> None:
        """Now and then give back the price of pieces that have not left, but never of all COREs."""
        found = [(line, pieces - (line.kind == "core")) for line, pieces in to_ship(Order.objects.get(pk=order.pk))]
        some = [(line, pieces) for line, pieces in found if pieces]
        if not some or self._chance.random() >= TAKES_LESS:
            return
        line, most = self._chance.choice(some)
        pieces = self._chance.randint(1, most)
        amounts = {line.pk: min(line.total * pieces // line.quantity, line.total - line.held)}
        # What was lost counts for the limit of one person, so nobody takes it off an invoice alone.
        with suppress(ValidationError):
            _split, asked = refunds.give(order=order, by=self.clerk, amounts=amounts, reason="Too many", key=uuid4())
            self.taken_less += 1
            if asked is not None:
                self._send_on(Refund.objects.filter(pk=asked.pk))

    def _loses(self, shipment: Shipment, buyer: "Business") -> None:
        parcels.lose_parcel(shipment=shipment, by=self.clerk)
        self.sends(buyer)

    def _delivers(self, shipment: Shipment, buyer: "Business") -> None:
        parcels.deliver_parcel(shipment=shipment, by=self.clerk)
        items = shipment.items.filter(core__isnull=False, void_at__isnull=True).select_related("core")
        buyer.gets_parcel([item.core for item in items if item.core])

    # Taking back

    def labels(self, back: Return) -> None:
        """Send the label of a return."""
        returns.label_return(back=back, by=self.clerk, carrier="ups", tracking="1Z999AA10123456784")

    def receives(self, sender: "Business", back: Return, *, serial: str) -> None:
        """Receive a parcel, inspect it some days later, and go on from there."""
        if not serial:
            words = "The parcel was empty"
            returns.report_missing_core(back=back, by=self.clerk, serial="", reason=words, pictures=[snap()])
            self.days.after(3, lambda: sender.sends_again(back.core))
            return
        returns.receive_return(back=back, by=self.clerk, serial=serial)
        self.days.after(self._chance.randint(1, 4), lambda: self._inspects(sender, back))

    def _inspects(self, sender: "Business", back: Return) -> None:
        back.refresh_from_db()
        assert back.schedule is not None
        parts = list(back.schedule.parts.filter(position__in=sender.life.parts))
        returns.inspect_return(back=back, by=self.clerk, parts=parts, note="Dusty", pictures=[snap()])
        returns.accept_return(back=back, by=self.clerk)
        self.pays_back(back)
        wiped = cores.wipe(core=back.core, by=self.clerk, certificate=CERTIFICATE)
        if not parts:
            cores.restock(core=wiped, by=self.clerk)
            self._serials.append(wiped.serial)

    def pays_back(self, back: Return) -> None:
        """Pay a return out, as another person than who inspected it."""
        returns.pay_return(back=back, by=self.second)

    def replaces(self, owner: "Business", claim: Claim) -> None:
        """Approve a claim, and send another CORE."""
        warranty.approve_claim(claim=claim, by=self.clerk)
        new = claim.core.__class__.objects.get(serial=self._serial())
        issued = warranty.replace_core(claim=claim, by=self.clerk, new=new)
        self.days.after(4, lambda: owner.gets_replacement(claim, issued))

    def receives_old(self, claim: Claim) -> None:
        """Receive the CORE that was replaced."""
        warranty.receive_old_core(claim=claim, by=self.clerk, serial=claim.core.serial)

    def bills_old(self, claim: Claim, *, comes: bool) -> None:
        """Bill an old CORE that did not come. comes: it does after all, so the bill is taken back; else it is paid."""
        bill = warranty.bill_old_core(claim=Claim.objects.get(pk=claim.pk), by=self.clerk).charge
        assert bill is not None
        if comes:
            self.days.after(10, lambda: self.receives_old(claim))
        else:
            self.days.after(20, lambda: self.records_check(bill))
            self.days.after(21, lambda: warranty.close_claim(claim=claim, by=self.clerk, reason="It is paid"))

    # Giving back

    def refunds(self, order: Order) -> None:
        """Give something back of what was paid, to please somebody."""
        payment = Payment.objects.filter(order=order).first()
        line = order.lines.order_by("position").first()
        if payment is None or line is None:
            return
        cents = self._chance.choice([self._chance.randint(100, line.total // 3), line.total // line.quantity])
        pieces = self._chance.choice([{}, {line.pk: 0}])
        pieces = pieces if cents < line.total - line.held else {}
        asked = refunds.request(
            payment=payment, by=self.clerk, amounts={line.pk: cents}, reason="Scratched", pieces=pieces
        )
        self._send_on(Refund.objects.filter(pk=asked.pk))

    def _send_on(self, asked: QuerySet[Refund]) -> None:
        for refund in asked.filter(state="requested"):
            refunds.submit(refund=refund, by=self.second)

    def writes_checks(self) -> None:
        """Pay out by check what was paid by check: somebody writes it, and notes its number."""
        waiting = Refund.objects.filter(payment__method="check", state__in=["requested", "submitted"])
        self._send_on(waiting)
        for refund in waiting.filter(state="submitted"):
            refunds.pay_out(refund=refund, by=self.second, check_number=f"{self._chance.randint(1, 10**6)}")

    def refunds_outside(self, order: Order) -> None:
        """Give something back in the dashboard of the service, past the portal."""
        payment = Payment.objects.filter(order=order, method="card").first()
        if payment is not None:
            cents = min(1_234, payment.refundable)
            self.service.peer.tell("refund", payment_intent=payment.gateway_id, amount=cents)
            self.outside.append(cents)

    def bank_sends_back(self) -> None:
        """Let a bank send back, days later, what had arrived: of twenty refunds one."""
        arrived = Refund.objects.filter(state="succeeded", payment__method="card").exclude(source__in=NOT_MADE_ANEW)
        recent = arrived.filter(settled_at__gte=timezone.now() - timedelta(days=20)).order_by("settled_at", "pk")
        for refund in recent:
            if refund.pk not in self._looked_at and self._chance.random() < SENT_BACK:
                self.service.peer.tell("turn", refund=refund.gateway_id, status="failed")
            self._looked_at.add(refund.pk)

    # What a comparison leaves

    def settles_tasks(self) -> None:
        """Settle the tasks that no rule can decide."""
        for task in ShopTask.objects.filter(done_at__isnull=True).order_by("opened_at"):
            if task.kind == TaskKind.REFUND_FAILED:
                self._makes_anew(Refund.objects.get(pk=task.about))
            self.settled[task.kind] += 1
            task.refresh_from_db()
            if task.done_at is None:
                order_services.settle_task(task=task, by=self.clerk, note="Looked into")

    def _makes_anew(self, failed: Refund) -> None:
        """Give back the money of a failed refund, by another refund; or ship its goods after all."""
        if failed.of_return is not None:
            failed.of_return.refresh_from_db()
            if failed.of_return.state == ReturnState.REFUNDING:
                self.pays_back(failed.of_return)
            return
        if self._ships_after_all(failed):
            return
        amounts = {part.line_id: part.cents for part in failed.lines.all()}
        if amounts:
            asked = refunds.request(payment=failed.payment, by=self.clerk, amounts=amounts, reason="It failed")
            self._send_on(Refund.objects.filter(pk=asked.pk))

    def _ships_after_all(self, failed: Refund) -> bool:
        """Now and then send the goods of a refund that failed; but no COREs, whose years nobody has planned."""
        is_core = failed.lines.filter(line__kind="core", pieces__gt=0).exists()
        if is_core or self.days.today > LAST_TO_SHIP or not waits_for_decision(failed):
            return False
        if self._chance.random() >= SHIPS_AFTER_ALL:
            return False
        refunds.cancel(refund=failed, by=self.clerk)
        order = Order.objects.get(pk=failed.payment.order_id)
        if has_to_ship(order):
            self.days.after(1, lambda: self.sends(self._buyers[order.pk]))
        return True
