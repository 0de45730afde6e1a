"""How each service is called: what must be there before, and the act itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from audit.log.events import Event

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
MAILS = "writes messages, and each leaves its entry when it goes out"
READS = "reads, and neither changes nor shows anything private"

STILL = "holds a still for minutes, for the owner who asked for it"

VIDEO = "holds video for seconds, that nobody sees without the entries of a view"

NO_ENTRY: dict[str, str] = {
    "integration.live.services.streams.check_token": READS,
    "integration.live.services.streams.core_of": READS,
    "integration.live.services.streams.note_told": "notes in the memory of live video that a CORE was told",
    "integration.live.services.streams.take_playlist": VIDEO,
    "integration.live.services.streams.take_segment": VIDEO,
    "integration.live.services.views.begun": "as views.ask, which calls it",
    "integration.live.services.views.ask": "each minute leaves its entry by views.watch, a refusal by the gate",
    "integration.live.services.streams.want_hls": "notes in the memory of live video that a page asks for pieces",
    "integration.live.services.streams.wants_hls": READS,
    "fusus_portal.oversight.review.services.reviews.must_be_open_to": READS,
    "fusus_portal.oversight.review.services.explanations.must_be_explicable": READS,
    "fusus_portal.oversight.review.services.reviews.queue_of": "reads what open_queue recorded, or open_card",
    "registry.people.services.departures.with_all_locked": PART,
    "registry.footage.services.custody.stream_location": "wants the ticket of an entry that is committed already",
    "registry.imports.services.imports.take_up": "hands work to a worker; the act is the worker's",
    "registry.imports.services.rows.write_history": PART,
    "registry.access_log.services.tell_months": MAILS,
    "registry.access_log.services.tell_looks": MAILS,
    "registry.places.services.cameras.sweep_snapshots": "deletes files on disk that no row names",
    "registry.letters.services.file_of_batch": "wants the ticket of an entry that is committed already",
    "registry.letters.services.batch_storage": READS,
    "registry.incidents.services.incidents.opening_alarm": PART,
    "registry.canvasses.services.searches.bounds_flagged": PART,
    "registry.canvasses.services.canvasses.see_reply": "keeps that a person played a file, which leaves the entry",
    "registry.canvasses.services.canvasses.see_replies": "keeps that a person saw a page, which leaves the entry",
    "registry.footage.services.uploads.make_preview": "makes what the owner of a file looks at; nobody else sees it",
    "registry.footage.services.uploads.offset": READS,
    "integration.clips.services.append": "takes the next bytes; a driver takes the step that comes with the last one",
    "integration.clips.services.begun": READS,
    "integration.clips.services.orders_for": READS,
    "integration.live.services.snapshots.is_on_its_way": READS,
    "integration.live.services.snapshots.keep_still": STILL,
    "integration.live.services.snapshots.order_still": STILL,
    "integration.live.services.snapshots.ordered_stills": READS,
    "registry.letters.services.letters_as_html": READS,
    "registry.letters.services.letters_as_pdf": READS,
    "integration.live.services.snapshots.keep": "keeps what its owner asked for; the press before it is the act",
    "integration.live.services.snapshots.of_camera": "shows what its owner asked for; the press before it is the act",
    "integration.live.services.snapshots.orders_for": READS,
    "integration.live.services.views.notify_owners": MAILS,
    "integration.watch_hours.services.check": "compares, and raises an alarm, which has its entry when it is told",
    "integration.cores.services.credentials.exchange_token": "keeps a device signed in; what it does is the act",
    "integration.cores.services.credentials.issue_token": PART,
    "integration.live.services.gate.look_at_all": "likewise, for lines that stay open (tests/integration/relay)",
    "integration.live.services.gate.must_see": READS,
    "integration.cores.services.credentials.renew_token": "signs a device in anew by its key; what it does is the act",
    "shop.orders.services.orders.buy": PART,
    "shop.orders.services.carts.accept_prices": NOTE,
    "shop.orders.services.carts.merge_after_sign_in": NOTE,
    "shop.orders.services.carts.open_for": NOTE,
    "shop.orders.services.carts.put": NOTE,
    "shop.orders.services.carts.take_out": NOTE,
    "shop.books.services.settle_attempts": TOLD,
    "shop.books.services.open_differences": TOLD,
    "shop.books.services.settle_refunds": TOLD,
    "shop.payments.services.notices.receive": TOLD,
    "shop.payments.services.notices.sweep": TOLD,
    "shop.payments.services.notices.work": TOLD,
    "shop.books.services.totals_at_service": READS,
    "shop.connections.services.cards.settle_open": TOLD,
    "shop.connections.services.years.draft": PART,
    "shop.connections.services.years.place": PART,
    "shop.connections.services.cards.keep": PART,
    "fusus_portal.ground.accounts.services.accounts.hold_by_email": PART,
    "fusus_portal.ground.accounts.services.sign_ins.end_all_of": PART,
    "fusus_portal.ground.accounts.services.sign_ins.note_failed": "is counted; its entry is written after the minute",
    "fusus_portal.ground.agency.services.change_one_row": PART,
    "fusus_portal.ground.streets.services.delete_gone_loads": "deletes what was let go of; letting go is the act",
    "fusus_portal.ground.streets.services.take_up_uploads": "hands work to a worker; the act is the worker's",
    "fusus_portal.ground.notifications.services.outbox.readdress": PART,
    "fusus_portal.ground.push.services.send_notices": "sends a word without content, and deletes what no sign-in has",
    "fusus_portal.ground.worklist.services.forget": "deletes old notices; each mail left its entry",
    "fusus_portal.ground.worklist.services.read": "keeps that a person opened a row; its page leaves the entry",
    "fusus_portal.ground.worklist.services.see": "keeps which rows a person saw; they name no owner and no home",
    "fusus_portal.ground.worklist.services.tell": MAILS,
}
"""Acts that leave no entry of their own, and why. Parts of acts need no reason."""


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
