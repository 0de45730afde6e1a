"""How each service is called: what must be there before, and the act itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from audit.events import Event

Act = Callable[[], object]
Preparation = Callable[[], Act]


@dataclass(frozen=True, slots=True)
class Row:
    """One service in the table.

    prepare: makes what the act needs and returns the act. event: what the act leaves in the log.
    written_before: the tables that are written, on purpose, in a transaction before the act's own; files too.
    """

    prepare: Preparation
    event: Event
    written_before: frozenset[str]


ROWS: dict[str, Row] = {}
"""By the service's dotted name."""

PART = "runs in the transaction of the act that calls it, and is tested with that act"
NOTE = "is a visitor's own note of what they mean to buy; nothing is bought or reserved"
TOLD = "follows up what the payment service told; what it leads to is an act of its own"
READS = "reads, and neither changes nor shows anything private"

NO_ENTRY: dict[str, str] = {
    "integration.services.agreements.end_for_leaver": PART,
    "integration.services.sharing.stop_all": PART,
    "registry.services.acting.actor_of": READS,
    "registry.services.acting.link_actor": READS,
    "registry.services.acting.task_actor": READS,
    "registry.services.agreements.facts_of": READS,
    "registry.services.agreements.newer": READS,
    "registry.services.agreements.write": PART,
    "registry.services.agreements.write_in_force": PART,
    "registry.services.asking.ask": PART,
    "registry.services.cameras.line_of": READS,
    "registry.services.cameras.must_be_registered": READS,
    "registry.services.cameras.write": PART,
    "registry.services.dispatched.apply": PART,
    "registry.services.dispatched.incident_of": READS,
    "registry.services.dispatched.record_of": READS,
    "registry.services.dispatched.record_unwanted": PART,
    "registry.services.deleting.begun": READS,
    "registry.services.departing.with_all_locked": PART,
    "registry.services.drafts.erase": PART,
    "registry.services.erasing.discard": "deletes a file after the commit of the act",
    "registry.services.erasing.erase": PART,
    "registry.services.erasing.delete_with_history": PART,
    "registry.services.erasing.end_requests_about": PART,
    "registry.services.evidence.ended": READS,
    "registry.services.finding.findings": PART,
    "registry.services.finding.note": PART,
    "registry.services.finding.note_cameras": PART,
    "registry.services.finding.to_ask": PART,
    "registry.services.evidence.stream_location": "wants the ticket of an entry that is committed already",
    "registry.services.exports.make_again": PART,
    "registry.services.import_deciding.decide": READS,
    "registry.services.import_people.leave_out": PART,
    "registry.services.import_people.must_be_unclaimed": PART,
    "registry.services.import_people.welcome": PART,
    "registry.services.import_work.take_up": "hands work to a worker; the act is the worker's",
    "registry.services.import_writing.withdraw_invitations": PART,
    "registry.services.import_writing.write": PART,
    "registry.services.import_writing.write_history": PART,
    "registry.services.imports.end": PART,
    "registry.services.imports.hold": PART,
    "registry.services.imports.restart": PART,
    "registry.services.offering.offer_export": "hands work to a worker after the commit of the act",
    "registry.services.offering.offer_import": "hands work to a worker after the commit of the act",
    "registry.services.incidents.void": PART,
    "registry.services.incidents.write": PART,
    "registry.services.locking.canvass": PART,
    "registry.services.locking.evidence": PART,
    "registry.services.locking.incident": PART,
    "registry.services.locking.incidents_asked_about": PART,
    "registry.services.locking.leaving_registrant": PART,
    "registry.services.locking.must_be_registered": READS,
    "registry.services.locking.own_camera": PART,
    "registry.services.locking.own_cameras": PART,
    "registry.services.locking.own_premises": PART,
    "registry.services.locking.own_registrant": PART,
    "registry.services.locking.owners": PART,
    "registry.services.locking.request": PART,
    "registry.services.notices.tell": "writes messages, and each leaves its entry when it goes out",
    "registry.services.offering.offer": "hands work to a worker after the commit of the act",
    "registry.services.pictures.sweep": "deletes files on disk that no row names",
    "registry.services.premises.already_here": READS,
    "registry.services.premises.locate": READS,
    "registry.services.outreach.open_lead": PART,
    "registry.services.premises.empty": PART,
    "registry.services.premises.spot": READS,
    "registry.services.premises.write": PART,
    "registry.services.registrants.end": PART,
    "registry.services.uploads.find": READS,
    "registry.services.uploads.offset": READS,
    "registry.services.withdrawing.withdraw_waiting": PART,
    "integration.services.activation.device_actor": READS,
    "integration.services.codes.digest": READS,
    "integration.services.codes.end": PART,
    "integration.services.codes.issue": PART,
    "integration.services.codes.take": PART,
    "integration.services.cores.step": PART,
    "integration.services.device_cameras.carry_over": PART,
    "integration.services.device_cameras.disconnect_all": PART,
    "integration.services.device_cameras.disconnect_these": PART,
    "integration.services.following.cameras_end": PART,
    "integration.services.following.place_ends": PART,
    "integration.services.following.place_moves": PART,
    "integration.services.following.registration_ends": PART,
    "integration.services.locking.core": PART,
    "integration.services.locking.cores_of": PART,
    "integration.services.locking.own_core": PART,
    "integration.services.returning.forget_what_it_said": PART,
    "integration.services.returning.send_back": PART,
    "integration.services.tokens.digest_of": READS,
    "integration.services.tokens.end_all": PART,
    "integration.services.tokens.exchange": "keeps a device signed in; what it does is the act",
    "integration.services.tokens.issue": PART,
    "integration.services.tokens.renew": "signs a device in anew by its key; what it does is the act",
    "shop.services.buying.buy": PART,
    "shop.services.buying.buy_on_account": PART,
    "shop.services.carts.accept_prices": NOTE,
    "shop.services.carts.bring_along": NOTE,
    "shop.services.carts.digest_of": READS,
    "shop.services.carts.empty": NOTE,
    "shop.services.carts.find": READS,
    "shop.services.carts.open_for": NOTE,
    "shop.services.carts.put": NOTE,
    "shop.services.carts.take_out": NOTE,
    "shop.services.comparing.attempts": TOLD,
    "shop.services.comparing.differences": TOLD,
    "shop.services.comparing.refunds": TOLD,
    "shop.services.drafting.amounts_of": READS,
    "shop.services.drafting.changed_sentence": READS,
    "shop.services.drafting.write_lines": PART,
    "shop.services.holding.hold_again": PART,
    "shop.services.holding.must_hold": PART,
    "shop.services.holding.take": PART,
    "shop.services.following.dispute": TOLD,
    "shop.services.following.follow": TOLD,
    "shop.services.following.follow_also": "registers who follows what",
    "shop.services.following.identity": READS,
    "shop.services.following.intent": TOLD,
    "shop.services.following.refund": TOLD,
    "shop.services.following.refund_of": READS,
    "shop.services.following.session": TOLD,
    "shop.services.following.told": TOLD,
    "shop.services.invoices.credit": PART,
    "shop.services.closing.can_pay": READS,
    "shop.services.closing.close_if_done": PART,
    "shop.services.closing.follow": PART,
    "shop.services.invoices.credit_part": PART,
    "shop.services.invoices.credit_unpaid": PART,
    "shop.services.invoices.invoice_of": READS,
    "shop.services.invoices.issue": PART,
    "shop.services.invoices.reverse": PART,
    "shop.services.leaving.end_for_leaver": PART,
    "shop.services.locking.attempt": PART,
    "shop.services.locking.attempts_of": PART,
    "shop.services.locking.order": PART,
    "shop.services.locking.own_order": PART,
    "shop.services.locking.payment": PART,
    "shop.services.locking.payments_of": PART,
    "shop.services.locking.refund": PART,
    "shop.services.locking.stocks": PART,
    "shop.services.locking.whole_refund": PART,
    "shop.services.notices.receive": TOLD,
    "shop.services.notices.sweep": TOLD,
    "shop.services.notices.work": TOLD,
    "shop.services.notices.work_all": TOLD,
    "shop.services.offering.offer_refund": "hands work to a worker after the commit of the act",
    "shop.services.orders.end": PART,
    "shop.services.orders.make_ready": PART,
    "shop.services.packing.whole": PART,
    "shop.services.pages.close_of": "closes a page at the gateway; what it finds is settled, and that is the act",
    "shop.services.refunds.asked_for": READS,
    "shop.services.paying.no_answer": READS,
    "shop.services.refunds.give_all_back": PART,
    "shop.services.refunds.give_back": PART,
    "shop.services.refunds.share_out": PART,
    "shop.services.refunds.tax_share": READS,
    "shop.services.return_locking.whole": PART,
    "shop.services.return_news.tell": PART,
    "shop.services.returns.begun": PART,
    "shop.services.settling.wrong_in": READS,
    "shop.services.staff_tasks.open_task": PART,
    "shop.services.steps.attempt": PART,
    "shop.services.claim_news.tell": PART,
    "shop.services.steps.claim": PART,
    "shop.services.steps.subscription": PART,
    "shop.services.warranty.begun": PART,
    "shop.services.subscriptions.begin": PART,
    "shop.services.subscriptions.end_for_return": PART,
    "shop.services.subscriptions.move": PART,
    "shop.services.refunds.give_for": PART,
    "integration.services.cores.stop": PART,
    "shop.services.steps.back": PART,
    "shop.services.steps.order": PART,
    "shop.services.steps.refund": PART,
    "shop.services.steps.shipment": PART,
    "shop.services.stock.is_reserved": READS,
    "shop.services.stock.needs_of": READS,
    "shop.services.stock.release": PART,
    "shop.services.stock.reserve": PART,
    "shop.services.telling.confirm": PART,
    "shop.services.telling.decline": PART,
    "shop.services.telling.delayed": PART,
    "shop.services.telling.of_refund": PART,
    "shop.services.telling.payment_failed": PART,
    "shop.services.telling.shipped": PART,
    "fusus_portal.accounts.services.accounts.erase": PART,
    "fusus_portal.accounts.services.alarms.tell": PART,
    "fusus_portal.accounts.services.accounts.follow": PART,
    "fusus_portal.accounts.services.effects.carry_out": PART,
    "fusus_portal.accounts.services.effects.sentence_of": READS,
    "fusus_portal.accounts.services.identities.refused": READS,
    "fusus_portal.accounts.services.invitations.check_open": READS,
    "fusus_portal.accounts.services.invitations.own_address_sentence": READS,
    "fusus_portal.accounts.services.locks.hold": PART,
    "fusus_portal.accounts.services.role_changes.approve_held": PART,
    "fusus_portal.accounts.services.role_changes.cancel_held": PART,
    "fusus_portal.accounts.services.role_changes.facts_of": READS,
    "fusus_portal.accounts.services.role_changes.held_change": PART,
    "fusus_portal.accounts.services.sign_ins.end_all_of": PART,
    "fusus_portal.accounts.services.sign_ins.fail": "is counted, and its entry is written when the minute is over",
    "fusus_portal.agency.services.message_texts.check": READS,
    "fusus_portal.agency.services.one_row.change": PART,
    "fusus_portal.notifications.services.outbox.enqueue": PART,
    "fusus_portal.notifications.services.outbox.enqueue_many": PART,
    "fusus_portal.notifications.services.outbox.preview": READS,
    "fusus_portal.notifications.services.outbox.preview_each": READS,
    "fusus_portal.notifications.services.outbox.readdress": PART,
    "fusus_portal.notifications.services.outbox.withdraw_many": PART,
    "fusus_portal.notifications.services.outbox.withdraw_to": PART,
}
"""Public functions of services that are no acts of their own, and why."""


def name_of(service: Callable[..., Any]) -> str:
    """Return a service's dotted name."""
    return f"{service.__module__}.{service.__name__}"


def calls(
    service: Callable[..., Any], event: Event, *, written_before: tuple[str, ...] = ()
) -> Callable[[Preparation], Preparation]:
    """Register how a service is called."""

    def register(prepare: Preparation) -> Preparation:
        if name_of(service) in ROWS:
            raise ValueError(f"{name_of(service)} has two rows")
        ROWS[name_of(service)] = Row(prepare, event, frozenset(written_before))
        return prepare

    return register
